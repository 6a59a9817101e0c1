// What completion offers for a parameter, the daemon takes.
#include "daemon/base/config.hpp"
#include "daemon/store/scan_rules.hpp"
#include "proto/control/commands.hpp"
#include "proto/control/event_kinds.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <map>

namespace p2pd::control {
namespace {

TEST(Choices, AreTakenByTheDaemon) {
  using Takes = std::function<bool(std::string_view)>;
  const std::map<std::string, Takes> takers{
      {"log-level level", [](std::string_view word) { return base::log_level(word).has_value(); }},
      {"publish links",
       [](std::string_view word) { return store::symlink_rule(word).has_value(); }},
      {"watch filter", [](std::string_view word) { return proto::event_kind(word).has_value(); }}};
  std::size_t checked = 0;
  for (const proto::Command& command : proto::commands()) {
    if (command.runs == proto::Runs::without_daemon) continue;
    for (const auto list : {command.arguments, command.options})
      for (const proto::Parameter& parameter : list) {
        if (parameter.choices.empty()) continue;
        const std::string name = std::string(command.name) + ' ' + std::string(parameter.name);
        const auto taker = takers.find(name);
        ASSERT_NE(taker, takers.end()) << name << ": add what takes it to this test";
        for (const std::string_view word : parameter.choices)
          EXPECT_TRUE(taker->second(word)) << name << ' ' << word;
        EXPECT_FALSE(taker->second("no-such-word")) << name;
        ++checked;
      }
  }
  EXPECT_EQ(checked, takers.size());
}

} // namespace
} // namespace p2pd::control
