#include "daemon/app/reloader.hpp"

#include "daemon/app/state_dir.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/secret_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/ranges.h>
#include <sstream>

namespace p2pd::app {

namespace {

constexpr std::size_t most_told = 10; // mistakes that are reported

} // namespace

void Reloader::reload(Done done) {
  waiting_.push_back(std::move(done));
  if (!reading_.running()) begin();
}

void Reloader::stop() {
  reading_.drop();
  waiting_.clear();
}

// A member whose secret is gone has a mistake in its config: it cannot leave its network by that.
void Reloader::begin() {
  reading_ = io::run(
      loop_,
      [running = running_, read = read_, member = sessions_.member()]() -> Reading {
        try {
          const base::Config fresh = read();
          if (!running.file.empty() && fresh.file.empty())
            throw std::runtime_error(running.file.string() +
                                     " does not exist: put it back, or restart p2pd without one");
          Reloaded reloaded{base::reloaded(running, fresh), base::changed_keys(running, fresh), {}};
          reloaded.secrets = read_secrets(reloaded.config, member);
          return {std::move(reloaded), ""};
        } catch (const std::exception& error) {
          return {std::nullopt, error.what()};
        }
      },
      [this, waiting = std::exchange(waiting_, {})](Reading reading) {
        on_read(reading, waiting);
        if (!waiting_.empty()) begin(); // the file may have changed since
      });
}

void Reloader::on_read(Reading& reading, const std::vector<Done>& waiting) {
  const disk::Result<base::ConfigChanges> result = Reloader::result(reading);
  for (const Done& done : waiting) done(result);
}

disk::Result<base::ConfigChanges> Reloader::result(Reading& reading) {
  if (!reading.reloaded) {
    const auto others = std::ranges::count(reading.mistakes, '\n');
    std::istringstream lines(reading.mistakes);
    std::string first;
    std::size_t told = 0;
    for (std::string line; std::getline(lines, line) && told < most_told; ++told) {
      base::log::answer(base::log::Level::error, "app", "nothing was reloaded: {}", line);
      if (first.empty()) first = line;
    }
    return disk::fault(
        EINVAL, "nothing was reloaded: " + first +
                    (others == 0 ? "" : fmt::format("; p2pd --check shows {} more", others)));
  }
  base::ConfigChanges changes = std::move(reading.reloaded->changes);
  // The same file may contain another secret.
  const bool same_secrets =
      std::ranges::equal(reading.reloaded->secrets, sessions_.keys().secrets, {},
                         &proto::noise::Psk::bytes, &proto::noise::Psk::bytes);
  const auto names_secret = [](std::string_view key) { return key.ends_with("secret_file"); };
  if (!same_secrets && std::ranges::none_of(changes.reloadable, names_secret))
    changes.reloadable.emplace_back("network.secret_file");
  apply_(*reading.reloaded);
  base::log::answer(base::log::Level::info, "app",
                    "reloaded; in force now: [{}]; after a restart: [{}]",
                    fmt::join(changes.reloadable, ", "), fmt::join(changes.restart, ", "));
  return changes;
}

} // namespace p2pd::app
