#include "ctl/copy_tree.hpp"

#include "ctl/failure.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::ctl {

namespace {

namespace fs = std::filesystem;
using proto::ExitCode;

constexpr off_t piece = off_t{16} << 20; // between two steps

// A descriptor that closes itself.
class Fd {
 public:
  Fd(const fs::path& path, int flags, mode_t mode, const fs::path& blamed)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (fd_ < 0) fail_by_errno(blamed);
  }
  ~Fd() { ::close(fd_); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

struct stat status_of(int fd, const fs::path& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) fail_by_errno(path);
  return status;
}

mode_t mode_of(const struct stat& status) {
  return (status.st_mode & S_IXUSR) != 0 ? 0777 : 0666;
}

class FileCopy {
 public:
  FileCopy(const fs::path& from, const fs::path& to, const CopyStep& step)
      : from_(from)
      , step_(step)
      , source_(from, O_RDONLY | O_NOFOLLOW, 0, from)
      , status_(status_of(source_.get(), from))
      , target_(to, O_WRONLY | O_CREAT | O_EXCL, mode_of(status_), from) {}

  void run() {
    if (::ioctl(target_.get(), FICLONE, source_.get()) == 0)
      step_(static_cast<std::uint64_t>(status_.st_size));
    else
      copy_data();
    const struct stat now = status_of(source_.get(), from_);
    if (now.st_size != status_.st_size || now.st_mtim.tv_sec != status_.st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != status_.st_mtim.tv_nsec)
      changed();
    const timespec times[]{{0, UTIME_OMIT}, status_.st_mtim};
    if (::futimens(target_.get(), times) != 0) fail_by_errno(from_);
  }

 private:
  // Extent by extent; what lies between them is left out, and so is a hole in the copy.
  void copy_data() {
    const off_t size = status_.st_size;
    for (off_t at = 0; at < size;) {
      const off_t data = edge(at, SEEK_DATA);
      step_(static_cast<std::uint64_t>(data - at));
      at = data;
      for (const off_t end = data < size ? edge(data, SEEK_HOLE) : size; at < end;) {
        const ssize_t copied = copy_some(at, static_cast<std::size_t>(std::min(end - at, piece)));
        if (copied < 0) fail_by_errno(from_);
        if (copied == 0) changed(); // it has become shorter
        at += copied;
        step_(static_cast<std::uint64_t>(copied));
      }
    }
    if (::ftruncate(target_.get(), size) != 0)
      fail_by_errno(from_); // a hole at the end has its length
  }

  // Where the next data or hole begins, at the end of the file at the latest.
  off_t edge(off_t at, int kind) const {
    const off_t found = ::lseek(source_.get(), at, kind);
    if (found < 0 && errno != ENXIO) fail_by_errno(from_);
    return found < 0 ? status_.st_size : std::min(found, status_.st_size);
  }

  // By the file system, which may have a short cut; some have none, and few between two of them.
  ssize_t copy_some(off_t at, std::size_t count) const {
    off_t in = at;
    off_t out = at;
    const ssize_t copied = ::copy_file_range(source_.get(), &in, target_.get(), &out, count, 0);
    if (copied > 0) return copied;
    if (::lseek(target_.get(), at, SEEK_SET) < 0) return -1;
    return ::sendfile(target_.get(), source_.get(), &at, count);
  }

  [[noreturn]] void changed() const {
    throw Failure(ExitCode::failed, '"' + from_.string() + "\" has changed while it was copied",
                  "try again when nobody writes to it");
  }

  const fs::path& from_;
  const CopyStep& step_;
  const Fd source_;
  const struct stat status_;
  const Fd target_;
};

void copy_folder(const fs::path& from, const fs::path& to, const CopyStep& step) {
  fs::create_directory(to);
  for (const fs::directory_entry& entry : fs::directory_iterator(from))
    copy_tree(entry.path(), to / entry.path().filename(), step);
  fs::last_write_time(to, fs::last_write_time(from)); // each entry has changed it
}

} // namespace

std::uint64_t bytes_below(const fs::path& path) {
  if (fs::is_regular_file(path)) return fs::file_size(path);
  std::uint64_t bytes = 0;
  if (fs::is_directory(path))
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path))
      if (!entry.is_symlink() && entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

void copy_tree(const fs::path& from, const fs::path& to, const CopyStep& step) {
  step(0);
  switch (fs::symlink_status(from).type()) {
  case fs::file_type::regular:
    return FileCopy(from, to, step).run();
  case fs::file_type::directory:
    return copy_folder(from, to, step);
  case fs::file_type::symlink:
    return fs::copy_symlink(from, to);
  default:
    throw Failure(ExitCode::failed, '"' + from.string() + "\" is neither file, folder nor symlink",
                  "leave it out of what is published");
  }
}

} // namespace p2pd::ctl
