// Files by open descriptors, not by paths: between two looks at a path anybody who may write to a
// folder on it can make it lead elsewhere. Each step is opened by itself and followed no further,
// so what was looked at is what is used.
// Thread: any; blocks. Errors: std::filesystem::filesystem_error with the path of the Spot.
#pragma once

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace p2pd::ctl {

// A descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  Fd& operator=(Fd&&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

// Something that is there: a file, a folder, a symlink or whatever else has a name.
class Spot {
 public:
  // What this path leads to, and its path without symlinks. Root follows root's own symlinks
  // alone: Failure where one is somebody else's, who may mean it for him.
  static Spot at(const std::filesystem::path& path);
  // An entry of a folder; a symlink is not followed.
  Spot(const Spot& folder, const std::filesystem::path& name);

  const std::filesystem::path& path() const { return path_; } // for messages alone
  const struct stat& status() const { return status_; }       // when it was opened
  int get() const { return fd_.get(); }                       // O_PATH

  Fd opened() const;                                // a file or a folder, for reading
  std::filesystem::path target() const;             // of a symlink
  std::vector<std::filesystem::path> names() const; // of a folder's entries

 private:
  Spot(int fd, std::filesystem::path path);

  Fd fd_;
  std::filesystem::path path_;
  struct stat status_ {};
};

} // namespace p2pd::ctl
