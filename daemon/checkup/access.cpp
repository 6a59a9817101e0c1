// Whether people can read what they had fetched.
#include "daemon/base/groups.hpp"
#include "daemon/checkup/checkup.hpp"

#include <array>
#include <fmt/core.h>
#include <fstream>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::checkup {

namespace {

using std::filesystem::path;

// What a member of the group may do there, as far as it is by this group.
bool member_may(const struct stat& status, gid_t group, mode_t bits) {
  return (status.st_gid == group ? (status.st_mode >> 3) & bits : status.st_mode & bits) == bits;
}

// The first folder on the way that members cannot step into, or at the end not read; "" if none.
path obstacle(const path& folder, gid_t group) {
  path at;
  for (const path& step : folder) {
    at /= step;
    struct stat status {};
    const mode_t needed = at == folder ? 05 : 01;
    if (::stat(at.c_str(), &status) == 0 && !member_may(status, group, needed)) return at;
  }
  return {};
}

// Of the process. Reading it by umask() would change it for a moment, under all threads.
mode_t current_umask() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("Umask:"))
      return static_cast<mode_t>(std::stoul(line.substr(6), nullptr, 8));
  return 0;
}

// The group that a file gets which is made there.
gid_t group_of_new(const base::Config& config) {
  if (const auto named = base::id_of_group(config.download_group)) return *named;
  struct stat status {};
  const bool inherits =
      ::stat(config.download_dir.c_str(), &status) == 0 && (status.st_mode & S_ISGID) != 0;
  return inherits ? status.st_gid : ::getegid();
}

} // namespace

Checks check_fetched(const base::Config& config) {
  const auto group = base::id_of_group(config.control_group);
  struct stat socket {};
  const bool controls = group && ::stat(config.control_socket.c_str(), &socket) == 0 &&
                        socket.st_gid == *group && (socket.st_mode & S_IWGRP) != 0;
  if (!controls) return {};
  const std::string who = fmt::format("members of the group {}, who may fetch, cannot read what is "
                                      "fetched: ",
                                      config.control_group);
  const std::string folder = config.download_dir.string();
  if (const path at = obstacle(config.download_dir, *group); !at.empty())
    return {
        {"fetched", Health::warn, who + at.string() + " is closed to them",
         fmt::format("run \"sudo chgrp {0} {1}\" and \"sudo chmod g+{2} {1}\", or set [peer] "
                     "download_dir to a folder that they can read",
                     config.control_group, at.string(), at == config.download_dir ? "rx" : "x")}};
  struct stat file {};
  file.st_gid = group_of_new(config);
  file.st_mode = 0666 & ~current_umask();
  if (!member_may(file, *group, 04))
    return {{"fetched", Health::warn, who + "new files have a mode that shuts them out",
             fmt::format("set [peer] download_group = \"{}\" and download_umask = \"027\" and "
                         "restart p2pd",
                         config.control_group)}};
  return {{"fetched", Health::ok,
           fmt::format("members of the group {} can read {}", config.control_group, folder), ""}};
}

} // namespace p2pd::checkup
