// A file descriptor that closes itself. Errors of close are ignored: what must be on the disk is
// synced before. Thread: any; move-only.
#pragma once

#include <unistd.h>
#include <utility>

namespace p2pd::disk {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    Fd old(std::exchange(fd_, std::exchange(other.fd_, -1)));
    return *this;
  }
  ~Fd() {
    if (valid()) ::close(fd_);
  }

  bool valid() const { return fd_ >= 0; }
  explicit operator bool() const { return valid(); }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

} // namespace p2pd::disk
