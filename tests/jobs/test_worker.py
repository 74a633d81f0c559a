"""The worker of a production: how it is started."""

from collector_app import worker


def test_the_worker_steps_behind_phones_and_desks_before_it_takes_a_job(app, monkeypatch):
    done = []
    monkeypatch.setattr(worker, "give_way", lambda: done.append("gives way"))
    monkeypatch.setattr(worker.jobs, "work", lambda *_, slot, **__: done.append(f"works as {slot}"))

    answer = app.test_cli_runner().invoke(worker.worker, ["--slot", "2"])

    assert answer.exit_code == 0, answer.output
    assert done == ["gives way", "works as 2"]
