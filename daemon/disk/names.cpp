#include "daemon/disk/names.hpp"

#include "daemon/disk/open.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>

namespace p2pd::disk {

namespace {

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

} // namespace

Result<std::vector<std::string>> names_in(int folder, const std::string& path) {
  Fd fd = open_fd(folder, ".", O_RDONLY | O_DIRECTORY);
  const std::unique_ptr<DIR, CloseDir> dir(fd ? ::fdopendir(fd.get()) : nullptr);
  if (!dir) return system_fault(errno, "read", path);
  fd.release(); // it is the DIR's now
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const next = ::readdir(dir.get())) {
    const std::string_view name = next->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return system_fault(errno, "read", path);
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace p2pd::disk
