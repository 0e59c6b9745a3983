"""What the notify tests share: the driver as a child, a home, servers on loopback."""
import os, pathlib, socket, ssl, subprocess, sys, tempfile, threading, unittest

CASES = pathlib.Path(__file__).resolve().parent.parent / "golden" / "cases"
DRIVER = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
START = 1709632800  # 2024-03-05 10:00:00 UTC


class Driver:
    def __init__(self, home, config, compat="mended", start=START, host="ids1.example.org"):
        self.log_path = pathlib.Path(home) / "driver.log"
        self.log_file = open(self.log_path, "ab")
        self.process = subprocess.Popen([DRIVER, str(home), str(config), compat, str(start), host],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log_file)
        answer = self.process.stdout.readline().decode().strip()
        if answer != "ok":
            self.kill()
            raise AssertionError(f"the driver does not start: {answer}\n{self.log()}")

    def __call__(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().decode().strip()
        if not answer.startswith("ok"):
            raise AssertionError(f"{command}: {answer or 'the driver ended'}\n{self.log()}")
        return answer[3:]

    def log(self):
        return self.log_path.read_text(errors="replace")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.close_files()

    def close(self):
        self.process.stdin.close()
        status = self.process.wait(60)
        self.process.stdin = None
        self.close_files()
        if status != 0:
            raise AssertionError(f"the driver ended with {status}\n{self.log()}")

    def close_files(self):
        for file in (self.process.stdin, self.process.stdout, self.log_file):
            if file:
                try:
                    file.close()
                except BrokenPipeError:
                    pass


class HomeTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gander-notify-")
        self.addCleanup(self.folder.cleanup)
        self.home = pathlib.Path(self.folder.name)
        (self.home / "etc").mkdir()

    def driver(self, config, compat="mended", start=START, plain=False):
        path = self.home / "etc" / "ossec.conf"
        path.write_text(config)
        if plain:
            (self.home / "etc" / "local_internal_options.conf").write_text("maild.html=0\n")
        driver = Driver(self.home, path, compat, start)
        self.addCleanup(lambda: driver.process.poll() is None and driver.kill())
        return driver

    def alerts(self, name, text):
        path = self.home / name
        path.write_text(text)
        return path

    def certificate(self):
        """A certificate of its own for localhost and 127.0.0.1."""
        key, cert = self.home / "key.pem", self.home / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        return context, cert


def alert(number=1, rule=100, level=8, text="line", group="t,", location="h1->/l", description="d", mail=True, extra=""):
    flag = " mail " if mail else ""
    return (f"** Alert {START}.{number}:{flag} - {group}\n2024 Mar 05 10:00:00 {location}\n"
            f"Rule: {rule} (level {level}) -> '{description}'\n{extra}{text}\n\n")


class Sink:
    """A TCP (or TLS) server that keeps what each connection sends."""

    def __init__(self, context=None, port=0, reset_first=False):
        self.context = context
        self.data = []  # one bytearray a connection
        self.changed = threading.Condition()
        self.server = socket.create_server(("127.0.0.1", port))
        self.port = self.server.getsockname()[1]
        self.open_sockets = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.read, args=(peer,), daemon=True).start()

    def read(self, peer):
        try:
            if self.context:
                peer = self.context.wrap_socket(peer, server_side=True)
            self.open_sockets.append(peer)
            mine = bytearray()
            with self.changed:
                self.data.append(mine)
                self.changed.notify_all()
            while piece := peer.recv(65536):
                with self.changed:
                    mine.extend(piece)
                    self.changed.notify_all()
        except OSError:
            pass
        finally:
            peer.close()

    def wait(self, condition):
        with self.changed:
            if not self.changed.wait_for(lambda: condition(self.data), 60):
                raise AssertionError(f"the server got {self.data}")

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)  # wakes accept(), which holds the port
        self.server.close()
        for peer in self.open_sockets:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def main(name):
    if name == "__main__":
        unittest.main(argv=sys.argv[:1] + sys.argv[2:])
