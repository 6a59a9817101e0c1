#include "daemon/store/part_name.hpp"

#include "daemon/disk/file_system.hpp"
#include "daemon/disk/part_mark.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/core.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::store {

namespace {

constexpr std::string_view own_prefix = ".p2pd-";
constexpr std::array<std::string_view, 4> own_suffixes{".part", ".old", ".gone", ".name"};
constexpr std::size_t own_digits = 16;

bool may_be_part(const struct stat& status, const proto::Manifest& manifest) {
  if (!manifest.single_file()) return S_ISDIR(status.st_mode);
  return S_ISREG(status.st_mode) && status.st_nlink == 1 &&
         disk::fits_part(static_cast<std::uint64_t>(status.st_size), manifest);
}

// Letters, digits, ".", "-" and "_": what every file system takes. It ends in no dot, which FAT
// drops, and what stands before the first dot is longer than a device of Windows, such as "nul" or
// "com1".
bool is_taken_everywhere(std::string_view leaf) {
  constexpr std::size_t longest = 100; // encrypting file systems take less than 255 bytes
  constexpr std::size_t longest_device = 4;
  const auto is_plain = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  return leaf.size() <= longest && leaf.substr(0, leaf.find('.')).size() > longest_device &&
         !leaf.ends_with('.') && std::ranges::all_of(leaf, is_plain);
}

} // namespace

std::string own_name(std::string_view leaf, std::string_view suffix) {
  static_assert(own_digits / 2 <= crypto_generichash_BYTES_MIN);
  std::array<std::uint8_t, crypto_generichash_BYTES_MIN> hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const std::uint8_t*>(leaf.data()),
                     leaf.size(), nullptr, 0);
  std::string name(own_prefix);
  for (std::size_t i = 0; i < own_digits / 2; ++i) name += fmt::format("{:02x}", hash[i]);
  return name.append(suffix);
}

std::string part_name(std::string_view leaf) {
  return own_name(leaf, ".part");
}

bool is_own_name(std::string_view leaf) {
  if (!leaf.starts_with(own_prefix)) return false;
  leaf.remove_prefix(own_prefix.size());
  return leaf.find_first_not_of("0123456789abcdef") == own_digits &&
         std::ranges::find(own_suffixes, leaf.substr(own_digits)) != own_suffixes.end();
}

std::string folder_of(std::string_view path) {
  return std::string(path.substr(0, path.rfind('/') + 1));
}

disk::Outcome check_name(const disk::Folders::Parent& parent) {
  if (is_taken_everywhere(parent.leaf)) return {};
  const int folder = parent.folder.get();
  const std::string trial = own_name(parent.leaf, ".name");
  // One that is there already was left when the machine went down in the middle of this.
  if (::mkdirat(folder, trial.c_str(), 0700) != 0 && errno != EEXIST)
    return disk::system_fault(errno, "make a folder in", folder_of(parent.path));
  const std::string inner = trial + '/' + parent.leaf;
  const bool made = ::mkdirat(folder, inner.c_str(), 0700) == 0 || errno == EEXIST;
  const int cause = errno;
  if (made) ::unlinkat(folder, inner.c_str(), AT_REMOVEDIR);
  ::unlinkat(folder, trial.c_str(), AT_REMOVEDIR);
  return made ? disk::Outcome() : disk::make_fault(cause, parent.path);
}

void rename_old_part(const disk::Folders::Parent& parent, const Layout& layout) {
  const int folder = parent.folder.get();
  const std::string old = parent.leaf + ".part";
  struct stat status;
  if (::fstatat(folder, old.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (!may_be_part(status, layout.manifest())) return;
  if (status.st_uid != ::geteuid() && disk::owner_shown(folder) != status.st_uid) return;
  const std::string part = part_name(parent.leaf);
  if (::renameat2(folder, old.c_str(), folder, part.c_str(), RENAME_NOREPLACE) == 0) return;
  // A file system that does not know this call: look first.
  if (errno == EINVAL && ::fstatat(folder, part.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    ::renameat(folder, old.c_str(), folder, part.c_str());
}

} // namespace p2pd::store
