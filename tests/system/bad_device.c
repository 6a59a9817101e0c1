// A device that fails: an LD_PRELOAD library whose reads, writes or syncs of files below
// $BAD_DEVICE_ROOT, or renames there of what makes way, end with EIO as long as there is a file
// $BAD_DEVICE.read, .write, .sync or .aside.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// Whether it is to fail now; errno says so then.
static int fails(int fd, const char* what) {
  const char *device = getenv("BAD_DEVICE"), *root = getenv("BAD_DEVICE_ROOT");
  if (device == NULL || root == NULL) return 0;
  char link[64], path[4096];
  snprintf(path, sizeof path, "%s.%s", device, what);
  if (access(path, F_OK) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  if (strncmp(path, root, strlen(root)) != 0) return 0;
  errno = EIO;
  return 1;
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  return fails(fd, "write") ? -1 : REAL(pwrite64)(fd, bytes, size, offset);
}
ssize_t preadv64(int fd, const struct iovec* into, int count, off64_t offset) {
  return fails(fd, "read") ? -1 : REAL(preadv64)(fd, into, count, offset);
}
int fdatasync(int fd) {
  return fails(fd, "sync") ? -1 : REAL(fdatasync)(fd);
}
int fsync(int fd) {
  return fails(fd, "sync") ? -1 : REAL(fsync)(fd);
}
int syncfs(int fd) {
  return fails(fd, "sync") ? -1 : REAL(syncfs)(fd);
}
int renameat2(int from, const char* old, int to, const char* new, unsigned flags) {
  const char* end = strrchr(new, '.');
  if (end != NULL && strcmp(end, ".gone") == 0 && fails(to, "aside")) return -1;
  return REAL(renameat2)(from, old, to, new, flags);
}
