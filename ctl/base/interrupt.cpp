#include "ctl/base/interrupt.hpp"

#include <initializer_list>
#include <sys/signalfd.h>
#include <unistd.h>

namespace p2pd::ctl {

Interrupt::Interrupt() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) sigaddset(&signals, signal);
  }
  sigset_t sizes;
  sigemptyset(&sizes);
  sigaddset(&sizes, SIGWINCH);
  ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
  ::pthread_sigmask(SIG_BLOCK, &sizes, nullptr);
  descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  resized_ = ::signalfd(-1, &sizes, SFD_CLOEXEC | SFD_NONBLOCK);
  // Without the descriptor the signals must go on to end the process.
  if (descriptor_ < 0) ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

// A signal that was seen is taken off first: unblocked, it would end the process before the
// message about it is out.
Interrupt::~Interrupt() {
  if (resized_ >= 0) ::close(resized_);
  if (descriptor_ < 0) return;
  signalfd_siginfo seen{};
  while (::read(descriptor_, &seen, sizeof seen) > 0) {
  }
  ::close(descriptor_);
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

} // namespace p2pd::ctl
