"""A network and mounts of a test's own, so that firewalls, daemons and their folders touch nothing of the machine."""
import ctypes, os, pathlib, shutil, subprocess

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x20000, 0x10000000, 0x40000000
MS_REC_PRIVATE = 0x4000 | 0x40000
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


def own_namespaces():
    """Why this process cannot have a network (and mounts) of its own; empty: it has."""
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWNET | CLONE_NEWNS | (0 if uid == 0 else CLONE_NEWUSER)) != 0:
        return "namespaces are not permitted: " + os.strerror(ctypes.get_errno())
    if uid != 0:
        pathlib.Path("/proc/self/setgroups").write_text("deny")
        pathlib.Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        pathlib.Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    libc.mount(b"none", b"/", None, MS_REC_PRIVATE, None)
    if subprocess.run(["ip", "link", "set", "lo", "up"], capture_output=True).returncode != 0:
        return "no loopback interface in the namespace"
    return ""


def own_folders(*paths):
    """Empty folders of this test over `paths`, and a /dev in which a daemon may make its socket. After own_namespaces(), as root."""
    for path in paths:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", path], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/dev"], check=True)
    for name, (major, minor) in DEVICES.items():
        os.mknod(f"/dev/{name}", 0o20666, os.makedev(major, minor))
        os.chmod(f"/dev/{name}", 0o666)
    for name in ("shm", "pts"):
        os.mkdir(f"/dev/{name}", 0o1777)
    subprocess.run(["mount", "-t", "devpts", "-o", "newinstance,ptmxmode=666", "devpts", "/dev/pts"], check=True)
    os.symlink("pts/ptmx", "/dev/ptmx")
    os.symlink("/proc/self/fd", "/dev/fd")


def why_not(*programs):
    """Why a test with these daemons cannot run here; empty: it has namespaces of its own now."""
    if os.geteuid() != 0:
        return "needs root, for daemons in namespaces of their own"
    missing = [p for p in programs if not shutil.which(p, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/lib/systemd")]
    return f"not installed: {', '.join(missing)}" if missing else own_namespaces()
