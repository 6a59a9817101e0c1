#include "daemon/base/config_table.hpp"

namespace p2pd::base {

namespace {

enum class Change { none, reloadable, restart };

// A default that moved though nobody set the key moved with another key (state_dir, role), and
// waits for the restart with it.
Change change(const Key& key, const Config& running, const Config& fresh) {
  if (key.type.equal(running, fresh)) return Change::none;
  const bool moved = !running.given.contains(key.full_name) && !fresh.given.contains(key.full_name);
  return key.reload && !moved ? Change::reloadable : Change::restart;
}

} // namespace

ConfigChanges changed_keys(const Config& running, const Config& fresh) {
  ConfigChanges changes;
  for (const Key& key : config_keys()) {
    const Change found = change(key, running, fresh);
    if (found == Change::reloadable) changes.reloadable.emplace_back(key.full_name);
    if (found == Change::restart) changes.restart.emplace_back(key.full_name);
  }
  return changes;
}

Config reloaded(const Config& running, const Config& fresh) {
  Config config = running;
  for (const Key& key : config_keys()) {
    if (change(key, running, fresh) != Change::reloadable) continue;
    key.type.copy(config, fresh);
    if (fresh.given.contains(key.full_name))
      config.given.emplace(key.full_name);
    else
      config.given.erase(std::string(key.full_name));
  }
  config.file = fresh.file;
  return config;
}

} // namespace p2pd::base
