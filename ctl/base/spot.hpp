// Files by descriptor instead of path: between two uses of a path anybody who may write to a folder
// on it can redirect it. Each component is opened separately without following symlinks, so what
// was checked is what is used. Thread: any; blocking. Errors: std::filesystem::filesystem_error
// with the path of the Spot.
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

// Something that exists: a file, a folder, a symlink or any other entry.
class Spot {
 public:
  // The target of this path, and its path without symlinks. Root follows only root's own symlinks:
  // Failure for one of somebody else, who may have planted it.
  static Spot at(const std::filesystem::path& path);
  // An entry of a folder; a symlink is not followed.
  Spot(const Spot& folder, const std::filesystem::path& name);

  const std::filesystem::path& path() const { return path_; } // for messages only
  const struct stat& status() const { return status_; }       // at opening
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
