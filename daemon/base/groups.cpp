#include "daemon/base/groups.hpp"

#include <cerrno>
#include <grp.h>
#include <vector>

namespace p2pd::base {

std::optional<gid_t> id_of_group(const std::string& name) {
  if (name.empty()) return std::nullopt;
  struct ::group entry {};
  struct ::group* found = nullptr;
  std::vector<char> text(4096); // its members as well
  while (::getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found) == ERANGE)
    text.resize(text.size() * 2);
  return found == nullptr ? std::nullopt : std::optional(entry.gr_gid);
}

} // namespace p2pd::base
