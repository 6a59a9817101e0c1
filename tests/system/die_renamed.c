// A crash at the worst moment: an LD_PRELOAD library with which a program is killed as soon as it has
// renamed a .part.
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int renameat2(int from, const char* old, int to, const char* new, unsigned flags) {
  const long renamed = syscall(SYS_renameat2, from, old, to, new, flags);
  const char* end = strrchr(old, '.');
  if (renamed == 0 && end != NULL && strcmp(end, ".part") == 0) kill(getpid(), SIGKILL);
  return (int)renamed;
}
