#include "daemon/disk/sameness.hpp"

#include <algorithm>
#include <set>

namespace p2pd::disk {

namespace {

// 2 MiB of most contents: a thousand contents are offered within seconds of a remount.
constexpr std::uint32_t sample_size = 4;

// Some file systems return a time exactly until they are unmounted, and rounded to their own units
// after that: 100 ns (NTFS), one second, two seconds (vfat).
bool times_agree(std::int64_t saved, std::int64_t found) {
  for (const std::int64_t unit :
       {1LL, 100LL, 1'000LL, 1'000'000LL, 1'000'000'000LL, 2'000'000'000LL})
    if (saved - saved % unit == found) return true;
  return false;
}

} // namespace

Sameness compare(const Identity& saved, std::uint64_t system, const Identity& found,
                 const FileSystem& now) {
  if (saved.size != found.size || !times_agree(saved.mtime_ns, found.mtime_ns))
    return Sameness::other;
  const bool known = system != 0 && now.id != 0;
  const bool moved = known && system != now.id;
  if (found.changed_since(saved) && !moved) return Sameness::other;
  if (saved == found && !moved) return Sameness::same;
  // Files keep their inode there, so this one replaced it.
  if (saved.inode != found.inode && known && !moved && now.inodes_last) return Sameness::other;
  return Sameness::alike;
}

bool agree(const Identity& saved, const Identity& found, const FileSystem& now) {
  return saved.size == found.size && saved.mtime_ns == found.mtime_ns &&
         (saved.inode == found.inode || !now.inodes_last);
}

std::vector<std::uint32_t> sample(std::uint32_t chunks, std::mt19937_64& chance) {
  std::set<std::uint32_t> chosen;
  if (chunks <= sample_size) {
    for (std::uint32_t i = 0; i < chunks; ++i) chosen.insert(i);
  } else {
    chosen = {0, chunks - 1};
    std::uniform_int_distribution<std::uint32_t> any(0, chunks - 1);
    while (chosen.size() < sample_size) chosen.insert(any(chance));
  }
  return {chosen.begin(), chosen.end()};
}

} // namespace p2pd::disk
