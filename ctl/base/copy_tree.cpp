#include "ctl/base/copy_tree.hpp"

#include "ctl/base/failure.hpp"

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

Fd new_file(const Spot& folder, const fs::path& name, mode_t mode) {
  Fd fd(::openat(folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                 mode));
  if (fd.get() < 0) fail_by_errno(folder.path() / name);
  return fd;
}

void keep_time(int fd, const Spot& from) {
  const timespec times[]{{0, UTIME_OMIT}, from.status().st_mtim};
  if (::futimens(fd, times) != 0) fail_by_errno(from.path());
}

mode_t mode_of(const struct stat& status) {
  return (status.st_mode & S_IXUSR) != 0 ? 0777 : 0666;
}

class FileCopy {
 public:
  FileCopy(const Spot& from, const Spot& folder, const fs::path& name, const CopyStep& step)
      : from_(from)
      , step_(step)
      , source_(from.opened())
      , target_(new_file(folder, name, mode_of(from.status()))) {}

  void run() {
    if (::ioctl(target_.get(), FICLONE, source_.get()) == 0)
      step_(static_cast<std::uint64_t>(from_.status().st_size));
    else
      copy_data();
    struct stat now {};
    if (::fstat(source_.get(), &now) != 0) fail_by_errno(from_.path());
    const struct stat& then = from_.status();
    if (now.st_size != then.st_size || now.st_mtim.tv_sec != then.st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != then.st_mtim.tv_nsec)
      changed();
    keep_time(target_.get(), from_);
  }

 private:
  // Extent by extent; what lies between them is left out, and so is a hole in the copy.
  void copy_data() {
    const off_t size = from_.status().st_size;
    for (off_t at = 0; at < size;) {
      const off_t data = edge(at, SEEK_DATA);
      step_(static_cast<std::uint64_t>(data - at));
      at = data;
      for (const off_t end = data < size ? edge(data, SEEK_HOLE) : size; at < end;) {
        const ssize_t copied = copy_some(at, static_cast<std::size_t>(std::min(end - at, piece)));
        if (copied < 0) fail_by_errno(from_.path());
        if (copied == 0) changed(); // it has become shorter
        at += copied;
        step_(static_cast<std::uint64_t>(copied));
      }
    }
    if (::ftruncate(target_.get(), size) != 0)
      fail_by_errno(from_.path()); // a hole at the end has its length
  }

  // Where the next data or hole begins, at the end of the file at the latest.
  off_t edge(off_t at, int kind) const {
    const off_t found = ::lseek(source_.get(), at, kind);
    if (found < 0 && errno != ENXIO) fail_by_errno(from_.path());
    return found < 0 ? from_.status().st_size : std::min(found, from_.status().st_size);
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
    throw Failure(ExitCode::failed,
                  '"' + from_.path().string() + "\" has changed while it was copied",
                  "try again when nobody writes to it");
  }

  const Spot& from_;
  const CopyStep& step_;
  const Fd source_;
  const Fd target_;
};

void copy_folder(const Spot& from, const Spot& folder, const fs::path& name, const CopyStep& step) {
  if (::mkdirat(folder.get(), name.c_str(), 0777) != 0) fail_by_errno(folder.path() / name);
  const Spot to(folder, name);
  for (const fs::path& each : from.names()) copy_tree(Spot(from, each), to, each, step);
  keep_time(to.opened().get(), from); // each entry has changed it
}

} // namespace

std::uint64_t bytes_below(const Spot& from) {
  if (S_ISREG(from.status().st_mode)) return static_cast<std::uint64_t>(from.status().st_size);
  std::uint64_t bytes = 0;
  if (S_ISDIR(from.status().st_mode))
    for (const fs::path& each : from.names()) bytes += bytes_below(Spot(from, each));
  return bytes;
}

void copy_tree(const Spot& from, const Spot& folder, const fs::path& name, const CopyStep& step) {
  step(0);
  const mode_t kind = from.status().st_mode & S_IFMT;
  if (kind == S_IFREG) return FileCopy(from, folder, name, step).run();
  if (kind == S_IFDIR) return copy_folder(from, folder, name, step);
  if (kind == S_IFLNK) {
    if (::symlinkat(from.target().c_str(), folder.get(), name.c_str()) == 0) return;
  } else if (kind == S_IFIFO || kind == S_IFSOCK) {
    if (::mknodat(folder.get(), name.c_str(), kind | 0666, 0) == 0) return;
  } else {
    throw Failure(ExitCode::failed, '"' + from.path().string() + "\" is a device",
                  "publish a copy of your own without it");
  }
  fail_by_errno(folder.path() / name);
}

} // namespace p2pd::ctl
