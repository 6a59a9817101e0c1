// A crash at the worst moment: an LD_PRELOAD library with which a program is killed as soon as it has
// renamed a .part, or, where DIE_AFTER says ".old", has moved aside what one is to replace.
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void die_after(const char* from, const char* to) {
  const char* wanted = getenv("DIE_AFTER");
  if (wanted == NULL) wanted = ".part";
  const char* end = strrchr(strcmp(wanted, ".part") == 0 ? from : to, '.');
  if (end != NULL && strcmp(end, wanted) == 0) kill(getpid(), SIGKILL);
}

int renameat2(int from, const char* old, int to, const char* new, unsigned flags) {
  const long renamed = syscall(SYS_renameat2, from, old, to, new, flags);
  if (renamed == 0) die_after(old, new);
  return (int)renamed;
}

int renameat(int from, const char* old, int to, const char* new) {
  return renameat2(from, old, to, new, 0);
}
