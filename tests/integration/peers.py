"""Real daemons beside a watched host: started in the foreground with a configuration of their own, stopped by their pid."""
import os, pathlib, socket, subprocess, sys
from live_support import wait_until

SBIN = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/systemd"


class Daemon:
    """A child that serves until it is stopped; what it says goes to a file."""

    def __init__(self, words, out, **options):
        self.out = pathlib.Path(out)
        with open(self.out, "ab") as said:
            self.process = subprocess.Popen([str(w) for w in words], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                            env={"PATH": SBIN, "LC_ALL": "C", "TZ": "UTC"}, **options)
        self.pid = self.process.pid

    def ready(self, condition, what):
        wait_until(lambda: self.process.poll() is not None or condition(), what, trouble=self.said)
        if self.process.poll() is not None:
            raise AssertionError(f"{what}: it ended with {self.process.returncode}\n{self.said()}")
        return self

    def said(self):
        return self.out.read_text(errors="replace")[-3000:]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def rsyslog(folder, config, ready):
    """An rsyslogd with the input and output of `config`; runs once `ready()`."""
    folder = pathlib.Path(folder)
    (folder / "rsyslog.conf").write_text(f'global(workDirectory="{folder}" localHostname="web1")\n{config}\n')
    daemon = Daemon(["rsyslogd", "-n", "-f", folder / "rsyslog.conf", "-i", folder / "rsyslogd.pid"], folder / "rsyslogd.out")
    return daemon.ready(ready, "rsyslogd starts")


def listens(port, address="127.0.0.1"):
    try:
        socket.create_connection((address, port), 1).close()
        return True
    except OSError:
        return False


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def program_argument():
    return os.path.abspath(sys.argv.pop(1))
