"""The private folder for temporary files, which the calls of one source share."""

import os
import stat

FILES_MAX = 2000


class Scratch:
    def __init__(self, path):
        self._path = path
        self._free_at_start = os.statvfs(path).f_ffree
        self._is_private = path == "/tmp" and os.getpid() == 1

    def _files(self):
        # Outside a sandbox of its own the folder is on a disk that others use; there nothing is counted.
        return self._free_at_start - os.statvfs(self._path).f_ffree if self._is_private else 0

    def is_dirty(self):
        return self._files() > 0

    def has_too_many_files(self):
        return self._files() > FILES_MAX

    def wipe(self):
        """Whether all is gone. A folder that resists (too deep, too full) is left, with its sandbox."""
        if self.has_too_many_files():
            return False
        try:
            self._empty(self._path, 0)
        except OSError:
            return False
        return not self.is_dirty()

    def _empty(self, folder, depth):
        if depth > 50:
            raise OSError("too deep")
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            # Never through a symbolic link.
            if stat.S_ISDIR(os.lstat(path).st_mode):
                os.chmod(path, 0o700)
                self._empty(path, depth + 1)
                os.rmdir(path)
            else:
                os.unlink(path)
