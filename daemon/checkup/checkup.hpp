// What `doctor` finds by looking at the machine: files and folders, limits, the clock. Each check
// says what it found, and where something is wrong what a newcomer can do about it.
// Thread: any; blocking. Errors: none, they are what is found.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/base/descriptor_shares.hpp"

namespace p2pd::checkup {

enum class Health : std::uint8_t { ok, warn, fail }; // warn: it works, but not as it might be meant

struct Check {
  std::string_view name;
  Health health = Health::ok;
  std::string finding;
  std::string remedy; // "" where all is well
};
using Checks = std::vector<Check>;

// All that follow. `member`: whether this node has the network's secret in use.
Checks check_machine(const base::Config& config, bool member);

Check check_socket(const base::Config& config);
Check check_config(const base::Config& running, const base::Environment& environment);
Check check_state(const std::filesystem::path& state_dir, const std::string& unit);
Check check_secret(const base::Config& config, bool member);
// `unit`: of systemd, in whose sandbox this runs; "" = none.
Check check_readable(std::string_view name, const std::filesystem::path& folder,
                     const std::string& unit);
Check check_writable(std::string_view name, const std::filesystem::path& folder,
                     const std::string& unit);
// Whether those who may have p2pd fetch can read what it fetches: the members of the group that
// controls it. Nothing where only its own user may.
Checks check_fetched(const base::Config& config);
Check check_space(const std::filesystem::path& folder);
// One for each folder that is empty though some of these paths, which are known, lead into it.
Checks check_mounts(const std::vector<std::string>& known);
// `open`: in use now; `wanted`: connections by the config.
Check check_descriptors(const base::DescriptorShares& shares, std::size_t open, std::size_t wanted);
Check check_memory(std::uint64_t for_payload, std::uint64_t in_machine);
Check check_clock();

// The service that this process runs in, such as "p2pd@tracker"; "" where there is none.
std::string service_unit();

} // namespace p2pd::checkup
