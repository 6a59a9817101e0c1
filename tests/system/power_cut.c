// What a power cut would take: an LD_PRELOAD library that notes, for everything that happens below
// $POWER_CUT_ROOT, which bytes a write replaces, which files are made, and which syncs returned.
// After a SIGKILL power_cut.py takes back what no sync covers.
//
// $POWER_CUT_LOG is a row of   | struct record | path | old bytes |   , each written before what it
// tells of. One lock is held over the note and the write, so the log has the order of the writes,
// and a sync covers exactly those that stand in it when the sync begins.
//
// Not seen, and so taken for durable at once: folders that are made, renames, unlinks, write() at
// the file's own position (keys and config, no contents), and the -shm file, which is none of
// SQLite's promises.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct record {
  uint64_t kind; // see below
  uint64_t device, inode;
  uint64_t offset, length; // of the old bytes
  uint64_t old_size;       // of the file
  uint64_t covers;         // of a sync: the length of the log when it began; of a new name: the
                           // inode that it was made for
  uint64_t path;           // its length
};
enum { WRITE = 'w', SYNC = 's', SYNC_ALL = 'S', CREATE = 'c' };

struct place { // an open file
  struct stat status;
  char path[4096];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static uint64_t log_size;
static struct timespec began;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void fail(const char* what) {
  perror(what);
  abort();
}

__attribute__((constructor)) static void begin(void) {
  const char* path = getenv("POWER_CUT_LOG");
  if (path == NULL || getenv("POWER_CUT_ROOT") == NULL) return;
  log_file = REAL(open64)(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (log_file < 0) fail(path);
  REAL(clock_gettime)(CLOCK_BOOTTIME, &began);
}

// The power is back since this process has begun.
int clock_gettime(clockid_t clock, struct timespec* time) {
  const int result = REAL(clock_gettime)(clock, time);
  if (result != 0 || clock != CLOCK_BOOTTIME || log_file < 0) return result;
  time->tv_sec -= began.tv_sec;
  time->tv_nsec -= began.tv_nsec;
  if (time->tv_nsec < 0) {
    time->tv_nsec += 1000000000;
    --time->tv_sec;
  }
  return 0;
}

// Whether the file is one of those that the test watches.
static int watched(int fd, struct place* at) {
  if (log_file < 0 || fstat(fd, &at->status) != 0) return 0;
  if (!S_ISREG(at->status.st_mode) && !S_ISDIR(at->status.st_mode)) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, at->path, sizeof at->path - 1);
  if (length < 0) return 0;
  at->path[length] = '\0';
  const char* root = getenv("POWER_CUT_ROOT");
  return strncmp(at->path, root, strlen(root)) == 0 &&
         (length < 4 || strcmp(at->path + length - 4, "-shm") != 0);
}

static void append(const void* bytes, size_t size) {
  if (write(log_file, bytes, size) != (ssize_t)size) fail("the log of power_cut");
  log_size += size;
}

// With the old bytes of the file where there are some; what lies beyond its end was zeros.
static void note(int kind, int fd, const struct place* at, uint64_t offset, uint64_t length,
                 uint64_t covers) {
  const struct record record = {
      kind,   at->status.st_dev, at->status.st_ino, offset, length, at->status.st_size,
      covers, strlen(at->path)};
  append(&record, sizeof record);
  append(at->path, record.path);
  if (length == 0) return;
  char* old = calloc(1, length);
  if (old == NULL || pread(fd, old, length, (off_t)offset) < 0) fail("the old bytes");
  append(old, length);
  free(old);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  struct place at;
  pthread_mutex_lock(&lock);
  if (watched(fd, &at)) note(WRITE, fd, &at, (uint64_t)offset, size, 0);
  const ssize_t written = REAL(pwrite64)(fd, bytes, size, offset);
  pthread_mutex_unlock(&lock);
  return written;
}

int ftruncate64(int fd, off64_t size) {
  struct place at;
  pthread_mutex_lock(&lock);
  if (watched(fd, &at)) {
    const int shrinks = size < at.status.st_size;
    note(WRITE, fd, &at, (uint64_t)size, shrinks ? (uint64_t)(at.status.st_size - size) : 0, 0);
  }
  const int result = REAL(ftruncate64)(fd, size);
  pthread_mutex_unlock(&lock);
  return result;
}

int fallocate64(int fd, int mode, off64_t offset, off64_t size) {
  struct place at;
  pthread_mutex_lock(&lock);
  if (watched(fd, &at)) note(WRITE, fd, &at, (uint64_t)offset, mode == 0 ? 0 : (uint64_t)size, 0);
  const int result = REAL(fallocate64)(fd, mode, offset, size);
  pthread_mutex_unlock(&lock);
  return result;
}

static int sync_by(int (*real)(int), int kind, int fd) {
  struct place at;
  pthread_mutex_lock(&lock);
  const uint64_t covers = log_size;
  pthread_mutex_unlock(&lock);
  const int result = real(fd);
  if (result != 0) return result;
  pthread_mutex_lock(&lock);
  if (watched(fd, &at)) note(kind, fd, &at, 0, 0, covers);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fsync(int fd) {
  return sync_by(REAL(fsync), SYNC, fd);
}
int fdatasync(int fd) {
  return sync_by(REAL(fdatasync), SYNC, fd);
}
int syncfs(int fd) {
  return sync_by(REAL(syncfs), SYNC_ALL, fd);
}

// A name lasts when its folder was synced, so what is noted is the folder's inode.
static int created(int fd) {
  struct place at;
  if (fd >= 0 && watched(fd, &at)) {
    char folder[sizeof at.path];
    const uint64_t inode = at.status.st_ino;
    strcpy(folder, at.path);
    *strrchr(folder, '/') = '\0';
    if (stat(folder, &at.status) != 0) fail(folder);
    note(CREATE, fd, &at, 0, 0, inode);
  }
  return fd;
}

int openat64(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  pthread_mutex_lock(&lock);
  const int is_new =
      (flags & O_CREAT) != 0 && faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
  const int fd = REAL(openat64)(folder, path, flags, mode);
  const int error = errno;
  if (is_new) created(fd);
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return openat64(AT_FDCWD, path, flags, mode);
}
