// The list of all keys. Parsing, defaults, ranges, suggestions, reload, conf/p2pd.toml and the
// check of p2pd.toml(5) are derived from it. A new key is a field of Config, a row here, and what
// the unit tests then demand. Thread: any; made once, then constant.
#pragma once

#include "daemon/base/config_types.hpp"

#include <span>

namespace p2pd::base {

struct Key {
  std::string_view full_name; // "section.key"
  Type type;
  bool reload = false;                 // applied by a reload; otherwise at the next start
  std::string_view default_words = {}; // the default in words, if it depends on the environment
  std::string_view example;            // a value as TOML
  std::string_view help;

  std::string_view section() const { return full_name.substr(0, full_name.find('.')); }
  std::string_view name() const { return full_name.substr(full_name.find('.') + 1); }
};

struct SectionHelp {
  std::string_view name;
  std::string_view help;
};

std::span<const Key> config_keys();
std::span<const SectionHelp> config_sections();

// As TOML; if it depends on the environment, that of a system service on a machine called build-07.
std::string default_text(const Key& key);

} // namespace p2pd::base
