#include "daemon/disk/remove_tree.hpp"

#include "daemon/disk/names.hpp"
#include "daemon/disk/whereabouts.hpp"

#include <cerrno>
#include <fcntl.h>

namespace p2pd::disk {

Outcome remove_tree(int folder, const std::string& leaf, const std::string& path) {
  if (::unlinkat(folder, leaf.c_str(), 0) == 0 || errno == ENOENT) return {};
  if (errno != EISDIR && errno != EPERM) return system_fault(errno, "remove", path);
  const Fd inner(::openat(folder, leaf.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!inner) return system_fault(errno, "remove", path);
  const Result<std::vector<std::string>> names = names_in(inner.get(), path);
  if (!names) return names.fault();
  for (const std::string& name : *names)
    if (Outcome removed = remove_tree(inner.get(), name, joined(path, name)); !removed)
      return removed;
  if (::unlinkat(folder, leaf.c_str(), AT_REMOVEDIR) != 0)
    return system_fault(errno, "remove", path);
  return {};
}

} // namespace p2pd::disk
