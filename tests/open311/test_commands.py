"""Keys of other programs from the command line."""

from app.open311.models import ReportKey


def run(app, *words):
    return app.test_cli_runner().invoke(args=["open311", *words])


def test_a_key_is_shown_once_and_kept_as_a_digest(app, db):
    made = run(app, "add-key", "동네 알림 앱", "--contact", "apps@demo.invalid")

    key = made.stdout.strip()
    assert ReportKey.find(key).name == "동네 알림 앱"
    assert key not in run(app, "keys").stdout
    assert "동네 알림 앱" in run(app, "keys").stdout


def test_a_key_is_taken_back(app, db):
    key = run(app, "add-key", "앱", "--contact", "x").stdout.strip()
    reference = ReportKey.find(key).reference

    assert run(app, "revoke-key", reference).exit_code == 0

    assert ReportKey.find(key) is None
    assert "revoked" in run(app, "keys").stdout
    assert run(app, "revoke-key", reference).exit_code == 1
