// The socket, the config, the secret; what the system allows; and all checks in their order.
#include "daemon/checkup/checkup.hpp"

#include "daemon/base/config_environment.hpp"
#include "daemon/base/secret_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fmt/chrono.h>
#include <grp.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/timex.h>

namespace p2pd::checkup {

namespace {

using std::filesystem::path;

std::string group_name(gid_t id) {
  group entry{};
  group* found = nullptr;
  std::array<char, 16'384> text{};
  ::getgrgid_r(id, &entry, text.data(), text.size(), &found);
  return found == nullptr ? std::to_string(id) : found->gr_name;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::size_t open_descriptors() {
  std::error_code failure;
  const std::filesystem::directory_iterator all("/proc/self/fd", failure);
  return failure ? 0 : static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// What read_secret() says: "FILE what is wrong: what would be right".
Check secret_that_is_wrong(const path& file, const base::SecretError& error) {
  if (error.cause == base::SecretError::Cause::missing)
    return {"secret", Health::fail, file.string() + " is not there, and the next start needs it",
            "put it back from a backup, mode 0600"};
  const std::string_view line = error.what();
  const std::size_t colon = line.rfind(": ");
  return {"secret", Health::fail, std::string(line.substr(0, colon)),
          std::string(line.substr(colon + 2))};
}

} // namespace

Check check_socket(const base::Config& config) {
  const path& socket = config.control_socket;
  struct stat status {};
  if (::stat(socket.c_str(), &status) != 0)
    return {"socket", Health::fail, socket.string() + " is not there any more",
            "restart p2pd, which makes it"};
  const std::string owner = group_name(status.st_gid);
  std::string finding = socket.string() + ", for the group " + owner;
  if (!config.control_readers.empty()) finding += "; " + config.control_readers + " may look";
  if (config.control_group.empty() || config.control_group == owner)
    return {"socket", Health::ok, std::move(finding), ""};
  return {"socket", Health::warn,
          fmt::format("{} belongs to the group {} and not to {}", socket.string(), owner,
                      config.control_group),
          fmt::format("run p2pd as root or as a member of {}, and start it again",
                      config.control_group)};
}

Check check_config(const base::Config& running, const base::Environment& environment) {
  const std::string file = running.file.string();
  if (file.empty())
    return {"config", Health::ok, "no file was read, so every key has its default", ""};
  try {
    const base::ConfigChanges changes =
        base::changed_keys(running, base::load_config(running.file, environment));
    if (!changes.restart.empty())
      return {"config", Health::warn,
              fmt::format("{} was changed: {}", file, joined(changes.restart)),
              "restart p2pd to put it in force"};
    if (!changes.reloadable.empty())
      return {"config", Health::warn,
              fmt::format("{} was changed: {}", file, joined(changes.reloadable)),
              "\"p2pctl reload\" puts it in force"};
  } catch (const base::ConfigError& error) {
    const std::string_view lines = error.what();
    return {"config", Health::fail, std::string(lines.substr(0, lines.find('\n'))),
            fmt::format("mend it, or p2pd does not start again; \"p2pd -c {} --check\" shows all "
                        "mistakes",
                        file)};
  }
  return {"config", Health::ok, file, ""};
}

Check check_secret(const base::Config& config, bool member) {
  if (!member)
    return {"secret", Health::fail, "this node is in no network, so it talks to nobody",
            "run \"p2pctl invite\" on the tracker, and \"p2pctl join TOKEN\" here with what it "
            "prints"};
  const path own = config.state_dir / "identity.key";
  for (const path& file : {config.secret_file, own, config.previous_secret_file}) try {
      if (file.empty()) continue;
      base::Secret secret = base::read_secret(file);
      ::sodium_memzero(secret.data(), secret.size());
    } catch (const base::SecretError& error) {
      return secret_that_is_wrong(file, error);
    }
  return {"secret", Health::ok, config.secret_file.string() + ", for p2pd alone", ""};
}

Check check_descriptors(const base::DescriptorShares& shares, std::size_t open,
                        std::size_t wanted) {
  const std::size_t enough = wanted + base::descriptors_besides_links;
  Check check{
      "descriptors", Health::ok,
      fmt::format("{} of {} in use; they are for {} connections, {} fetches that run at the "
                  "same time, {} open files of contents, {} commands, and {} others",
                  open, shares.allowed, shares.links, shares.fetches, shares.files, shares.control,
                  shares.own),
      ""};
  if (shares.allowed >= enough && open + shares.own <= shares.allowed) return check;
  check.health = open + open / 10 >= shares.allowed ? Health::fail : Health::warn;
  check.remedy = fmt::format("raise LimitNOFILE= of the service, or \"ulimit -n\", to {}, or lower "
                             "[limits] connections",
                             enough);
  return check;
}

Check check_memory(std::uint64_t for_payload, std::uint64_t in_machine) {
  constexpr std::uint64_t mebibyte = 1 << 20;
  Check check{"memory", Health::ok,
              fmt::format("{} MiB for what is sent and received, of {} MiB in this machine",
                          for_payload / mebibyte, in_machine / mebibyte),
              ""};
  if (for_payload <= in_machine / 2) return check;
  check.health = Health::warn;
  check.remedy = "lower [limits] memory to less than half of what the machine has";
  return check;
}

Check check_clock() {
  timex state{};
  const bool asked = ::adjtimex(&state) >= 0; // the sandbox of the service forbids even to ask
  Check check{"clock", Health::ok,
              fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr))), ""};
  if (!asked || (state.status & STA_UNSYNC) == 0) return check;
  check.health = Health::warn;
  check.finding += ", not kept right by any other clock";
  check.remedy = "run \"sudo timedatectl set-ntp true\"; only the times in logs and lists depend "
                 "on it";
  return check;
}

Checks check_machine(const base::Config& config, bool member) {
  const std::string unit = service_unit();
  Checks checks{check_socket(config), check_config(config, base::current_environment()),
                check_state(config.state_dir, unit), check_secret(config, member)};
  checks.push_back(check_space(config.state_dir));
  if (config.role == base::Role::peer) {
    for (const path& folder : config.share) checks.push_back(check_readable("share", folder, unit));
    if (config.share.empty())
      checks.push_back({"share", Health::warn, "no folder is shared, so nothing can be published",
                        "set [peer] share = [\"/srv/share\"] in the config and restart p2pd"});
    checks.push_back(check_writable("download_dir", config.download_dir, unit));
    for (const path& folder : config.writable)
      checks.push_back(check_writable("writable", folder, unit));
    for (Check& check : check_fetched(config)) checks.push_back(std::move(check));
    checks.push_back(check_space(config.download_dir));
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  checks.push_back(check_descriptors(base::share_descriptors(limit.rlim_cur, config.connections),
                                     open_descriptors(), config.connections));
  struct sysinfo machine {};
  ::sysinfo(&machine);
  checks.push_back(check_memory(config.memory, std::uint64_t{machine.totalram} * machine.mem_unit));
  checks.push_back(check_clock());
  return checks;
}

} // namespace p2pd::checkup
