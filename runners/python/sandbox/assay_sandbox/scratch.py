"""The private folder for temporary files, which the calls of one source share."""

import os
import resource
import stat

FILES_MAX = 2000


class Scratch:
    def __init__(self, path):
        self._path = path
        self._free_at_start = os.statvfs(path).f_ffree
        self._is_private = path == "/tmp" and os.getpid() == 1
        # The kernel holds each file to that; on a file system that others use too, the sum is for us to hold.
        self._bytes_max = resource.getrlimit(resource.RLIMIT_FSIZE)[0]

    def is_dirty(self):
        if self._is_private:
            return self._free_at_start > os.statvfs(self._path).f_ffree
        return bool(os.listdir(self._path))

    def has_too_many_files(self):
        if self._is_private:
            return self._free_at_start - os.statvfs(self._path).f_ffree > FILES_MAX
        return self._is_overfull()

    def _is_overfull(self):
        """Looks at every file. What cannot be looked at (too deep for a path, not to be listed) is too much."""
        files, used, pending = 0, 0, [self._path]
        try:
            while pending:
                with os.scandir(pending.pop()) as entries:
                    for entry in entries:
                        files += 1
                        used += entry.stat(follow_symlinks=False).st_blocks * 512
                        if files > FILES_MAX or used > self._bytes_max:
                            return True
                        if entry.is_dir(follow_symlinks=False):
                            pending.append(entry.path)
        except FileNotFoundError:
            # Removed meanwhile: the next look will tell.
            return False
        except OSError:
            return True
        return False

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
                # Where modes cannot be changed, nobody could have taken them away but at birth.
                if stat.S_IMODE(os.lstat(path).st_mode) & 0o700 != 0o700:
                    os.chmod(path, 0o700)
                self._empty(path, depth + 1)
                os.rmdir(path)
            else:
                os.unlink(path)
