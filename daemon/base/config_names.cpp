#include "daemon/base/config_names.hpp"

#include "daemon/base/config_table.hpp"
#include "proto/bytes.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fmt/ranges.h>

namespace p2pd::base {

namespace {

constexpr std::size_t longest_typo = 64; // what is longer was not meant as any of our names

// Optimal string alignment: letters inserted, left out, changed, or two neighbours swapped.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

std::vector<std::string_view> section_names() {
  std::vector<std::string_view> names;
  for (const SectionHelp& section : config_sections()) names.push_back(section.name);
  return names;
}

std::vector<std::string_view> keys_of(std::string_view section) {
  std::vector<std::string_view> names;
  for (const Key& key : config_keys())
    if (key.section() == section) names.push_back(key.name());
  return names;
}

std::string_view section_with(std::string_view name) {
  const auto key = std::ranges::find(config_keys(), name, &Key::name);
  return key == config_keys().end() ? "" : key->section();
}

} // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  if (word.size() > longest_typo) return "";
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : known)
    if (const std::size_t steps = distance(word, candidate); steps < least) {
      least = steps;
      best = candidate;
    }
  return best;
}

Problem unknown_section(const Section& section) {
  const std::string name = proto::printable(section.name);
  const auto known = section_names();
  if (const auto meant = nearest(section.name, known); !meant.empty())
    return {section.where,
            fmt::format("there is no section [{}]: did you mean [{}]?", name, meant)};
  return {section.where, fmt::format("there is no section [{}]: the sections are [{}]", name,
                                     fmt::join(known, "], ["))};
}

Problem unknown_key(std::string_view section, const Setting& setting) {
  const std::string name = proto::printable(setting.name);
  const auto known = keys_of(section);
  if (const auto other = section_with(setting.name); !other.empty())
    return {setting.where,
            fmt::format("[{}] has no key \"{}\": move it to [{}]", section, name, other)};
  if (const auto meant = nearest(setting.name, known); !meant.empty())
    return {setting.where,
            fmt::format("[{}] has no key \"{}\": did you mean {}?", section, name, meant)};
  return {setting.where, fmt::format("[{}] has no key \"{}\": its keys are {}", section, name,
                                     fmt::join(known, ", "))};
}

Problem stray(const Setting& setting) {
  const std::string name = proto::printable(setting.name);
  const auto known = section_names();
  if (std::ranges::find(known, setting.name) != known.end())
    return {setting.where,
            fmt::format("\"{0}\" is a section: write [{0}] and its keys below it", name)};
  if (const auto section = section_with(setting.name); !section.empty())
    return {setting.where,
            fmt::format("\"{}\" stands before all sections: put it below [{}]", name, section)};
  return {setting.where,
          fmt::format("\"{}\" stands before all sections, which are [{}]: put it below its own",
                      name, fmt::join(known, "], ["))};
}

} // namespace p2pd::base
