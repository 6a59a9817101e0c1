#include "daemon/store/aside.hpp"

#include "daemon/disk/whereabouts.hpp"
#include "daemon/store/move_in.hpp"
#include "daemon/store/part_name.hpp"

#include <cerrno>
#include <fmt/core.h>
#include <unistd.h>

namespace p2pd::store {

namespace {

constexpr std::size_t longest_name = 255;
constexpr unsigned most_kept = 10'000;

// As much of it as leaves room for the rest of a name, and not half of a UTF-8 character.
std::string_view beginning(std::string_view leaf, std::size_t rest) {
  if (leaf.size() + rest <= longest_name) return leaf;
  std::size_t end = longest_name - rest;
  while (end > 1 && (static_cast<unsigned char>(leaf[end]) & 0xC0) == 0x80) --end;
  return leaf.substr(0, end);
}

} // namespace

std::string aside_name(std::uint64_t tag) {
  return fmt::format(".p2pd-{:016x}.gone", tag);
}

disk::Outcome set_aside(const disk::Folders::Parent& parent, Lost lost, std::uint64_t tag) {
  const int folder = parent.folder.get();
  const std::string part = part_name(parent.leaf);
  const std::string old = old_name(parent.leaf);
  // Where two renames have taken the place of one, the old one has a name of its own.
  const bool by_two = lost == Lost::replaced && disk::key_of(folder, old).has_value();
  const bool renamed = rename_new(folder, by_two ? old : part, aside_name(tag));
  // On the disk before the state database says so.
  if (renamed ? ::fsync(folder) == 0 : errno == ENOENT) return {};
  return disk::system_fault(errno, "rename what was replaced at", parent.path);
}

disk::Result<std::string> keep_aside(const disk::Folders::Parent& parent, std::uint64_t tag) {
  for (unsigned number = 1; number < most_kept; ++number) {
    const std::string rest = fmt::format(".old-{}", number);
    const std::string name = std::string(beginning(parent.leaf, rest.size())) + rest;
    if (rename_new(parent.folder.get(), aside_name(tag), name))
      return folder_of(parent.path) + name;
    if (errno != EEXIST) break;
  }
  return disk::system_fault(errno, "rename what is left of", parent.path);
}

} // namespace p2pd::store
