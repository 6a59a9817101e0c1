#include "ctl/base/spot.hpp"

#include "ctl/base/failure.hpp"

#include <climits>
#include <deque>
#include <dirent.h>
#include <fcntl.h>
#include <memory>

namespace p2pd::ctl {

namespace {

namespace fs = std::filesystem;

constexpr int most_symlinks = 40; // the kernel's limit per path

void expect_trusted(const Spot& symlink) {
  if (::geteuid() == 0 && symlink.status().st_uid != 0)
    throw Failure(proto::ExitCode::failed,
                  '"' + symlink.path().string() + "\" is a symlink of another user",
                  "as root, name what it leads to");
}

} // namespace

Spot::Spot(int fd, fs::path path) : fd_(fd), path_(std::move(path)) {
  if (fd < 0 || ::fstat(fd, &status_) != 0) fail_by_errno(path_);
}

Spot Spot::at(const fs::path& path) {
  const fs::path whole = fs::absolute(path);
  std::deque<fs::path> left(whole.begin(), whole.end());
  std::vector<Spot> way;
  for (int symlinks = 0; !left.empty();) {
    const fs::path step = std::move(left.front());
    left.pop_front();
    if (step == "/") {
      way.clear();
      way.push_back(Spot(::open("/", O_PATH | O_CLOEXEC), step));
    } else if (step == "..") {
      if (way.size() > 1) way.pop_back();
    } else if (!step.empty() && step != ".") {
      Spot next(way.back(), step);
      if (!S_ISLNK(next.status().st_mode)) {
        way.push_back(std::move(next));
        continue;
      }
      expect_trusted(next);
      errno = ELOOP;
      if (++symlinks > most_symlinks) fail_by_errno(path);
      const fs::path target = next.target();
      left.insert(left.begin(), target.begin(), target.end());
    }
  }
  return std::move(way.back());
}

Spot::Spot(const Spot& folder, const fs::path& name)
    : Spot(::openat(folder.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC),
           folder.path() / name) {}

// Reopens the same file by its link in /proc.
Fd Spot::opened() const {
  Fd fd(::open(("/proc/self/fd/" + std::to_string(get())).c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) fail_by_errno(path_);
  return fd;
}

fs::path Spot::target() const {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = ::readlinkat(get(), "", target.data(), target.size());
  if (length < 0) fail_by_errno(path_);
  target.resize(static_cast<std::size_t>(length));
  return target;
}

std::vector<fs::path> Spot::names() const {
  const int fd = ::openat(get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(fd < 0 ? nullptr : ::fdopendir(fd), ::closedir);
  if (folder == nullptr) fail_by_errno(path_);
  std::vector<fs::path> names;
  errno = 0;
  while (const dirent* const entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) fail_by_errno(path_);
  return names;
}

} // namespace p2pd::ctl
