// Folders in which something is known to lie, and that are empty: mount points without their disk.
#include "daemon/checkup/checkup.hpp"

#include <fmt/core.h>
#include <map>

namespace p2pd::checkup {

namespace {

using std::filesystem::path;

// The deepest folder on the way to it that is there; "" where that cannot be told.
path deepest_folder(path folder) {
  std::error_code code;
  while (!std::filesystem::is_directory(folder, code)) {
    if (!folder.has_relative_path()) return {};
    folder = folder.parent_path();
  }
  return folder;
}

} // namespace

Checks check_mounts(const std::vector<std::string>& known) {
  std::error_code code;
  std::map<path, std::size_t> missing; // by folder, how much of it
  for (const path each : known)
    if (std::filesystem::symlink_status(each, code).type() == std::filesystem::file_type::not_found)
      ++missing[each.parent_path()];
  std::map<path, std::size_t> empty;
  for (const auto& [folder, count] : missing) {
    const path there = deepest_folder(folder);
    if (!there.empty() && std::filesystem::is_empty(there, code) && !code) empty[there] += count;
  }
  Checks checks;
  for (const auto& [folder, count] : empty)
    checks.push_back(
        {"mount", Health::warn,
         fmt::format("{} is empty, and {} that p2pd knows should be in it", folder.string(),
                     count == 1 ? "one thing" : fmt::format("{} things", count)),
         "mount its disk, and restart p2pd if that was mounted after its start; what was "
         "deleted on purpose is for \"p2pctl unpublish\" and \"p2pctl cancel\""});
  return checks;
}

} // namespace p2pd::checkup
