#include "daemon/io/reaper.hpp"

#include <csignal>
#include <sys/wait.h>

namespace p2pd::io {

Reaper::Reaper(Loop& loop)
    : loop_(loop)
    , reap_(loop, io::bind<&Reaper::reap>(this))
    , ended_(loop, SIGCHLD, io::bind<&Reaper::schedule>(this)) {
  reap_.schedule(); // what was there before this process became p2pd
}

// One that has a Process is left to libuv, which another SIGCHLD tells of it.
void Reaper::reap() {
  for (;;) {
    siginfo_t ended{};
    if (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid == 0) return;
    if (loop_.programs().contains(ended.si_pid)) return;
    ::waitpid(ended.si_pid, nullptr, WNOHANG);
  }
}

} // namespace p2pd::io
