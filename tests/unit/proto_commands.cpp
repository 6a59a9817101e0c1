#include "proto/control/commands.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace p2pd::proto {
namespace {

bool plain_word(std::string_view word) {
  return !word.empty() && word.front() != '-' && word.back() != '-' &&
         word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;
}

TEST(Commands, AreFoundByOneNameEach) {
  std::set<std::string_view> names;
  for (const Command& command : commands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_EQ(find_command(command.name), &command);
    if (command.alias.empty()) continue;
    EXPECT_TRUE(names.insert(command.alias).second) << command.alias;
    EXPECT_EQ(find_command(command.alias), &command);
  }
  for (const char* other : {"", "no-such", "Status", "secret", "new", "status "})
    EXPECT_EQ(find_command(other), nullptr) << other;
}

TEST(Commands, AreNamedInOneOrTwoWords) {
  for (const Command& command : commands()) {
    const std::size_t blank = command.name.find(' ');
    EXPECT_TRUE(plain_word(command.name.substr(0, blank))) << command.name;
    if (blank != std::string_view::npos) {
      EXPECT_TRUE(plain_word(command.name.substr(blank + 1))) << command.name;
    }
    EXPECT_TRUE(command.alias.empty() || plain_word(command.alias)) << command.name;
  }
}

TEST(Commands, SayWhatTheyDo) {
  for (const Command& command : commands()) {
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_NE(command.summary.back(), '.') << command.name;
    EXPECT_LE(command.summary.size(), 60U) << command.name << ": one line of a table";
    for (const Example& example : command.examples) {
      EXPECT_TRUE(example.line.starts_with("p2pctl ")) << example.line;
      EXPECT_NE(example.line.find(command.name), std::string_view::npos) << example.line;
      EXPECT_FALSE(example.says.empty()) << example.line;
    }
  }
}

TEST(Commands, ThatChangeSomethingAreNotForReaders) {
  for (const Command& command : commands()) EXPECT_NE(command.access, Access::none) << command.name;
  for (const char* name :
       {"publish", "unpublish", "fetch", "pause",  "resume",    "cancel",  "forget",
        "verify",  "limit",     "delay", "invite", "join",      "connect", "disconnect",
        "kick",    "ban",       "unban", "reload", "log-level", "shutdown"})
    EXPECT_EQ(find_command(name)->access, Access::control) << name;
  EXPECT_LT(Access::read, Access::control);
}

TEST(Commands, ParametersAreWellFormed) {
  for (const Command& command : commands()) {
    std::set<std::string_view> names, briefs;
    for (const auto list : {command.arguments, command.options})
      for (const Parameter& parameter : list) {
        EXPECT_TRUE(plain_word(parameter.name)) << command.name;
        EXPECT_TRUE(names.insert(parameter.name).second) << command.name << parameter.name;
        EXPECT_FALSE(parameter.help.empty()) << command.name << ' ' << parameter.name;
        EXPECT_FALSE(parameter.each && parameter.list) << command.name << ' ' << parameter.name;
      }
    for (const Parameter& option : command.options) {
      EXPECT_FALSE(option.required) << command.name << ": an option is optional";
      if (option.brief.empty()) continue;
      EXPECT_TRUE(option.brief.size() == 2 && option.brief[0] == '-') << command.name;
      EXPECT_TRUE(briefs.insert(option.brief).second) << command.name;
    }
    for (std::size_t i = 0; i < command.arguments.size(); ++i) {
      const Parameter& argument = command.arguments[i];
      EXPECT_NE(argument.kind, Kind::flag) << command.name;
      EXPECT_TRUE(argument.brief.empty()) << command.name;
      if (i + 1 == command.arguments.size()) continue;
      EXPECT_FALSE(argument.each || argument.list) << command.name << ": only the last repeats";
      EXPECT_TRUE(argument.required || !command.arguments[i + 1].required) << command.name;
    }
  }
}

// A parameter with choices says them in its help, and where the answer repeats it, it is one of
// them.
TEST(Commands, ChoicesAreThoseOfTheAnswer) {
  for (const Command& command : commands())
    for (const auto list : {command.arguments, command.options})
      for (const Parameter& parameter : list) {
        if (parameter.choices.empty()) continue;
        const std::string name = std::string(command.name) + ' ' + std::string(parameter.name);
        if (parameter.choices.size() <= 4) { // a list of more is in the manual page
          for (const std::string_view choice : parameter.choices)
            EXPECT_NE(parameter.help.find(choice), std::string_view::npos) << name;
        }
        for (const Record* const record : {command.result, command.event}) {
          if (record == nullptr) continue;
          const auto field = std::ranges::find(record->fields, parameter.name, &Field::name);
          if (field == record->fields.end()) continue;
          EXPECT_EQ(field->type, Type::word) << name;
          EXPECT_TRUE(std::ranges::equal(field->words, parameter.choices)) << name;
        }
      }
}

TEST(Commands, ParamsFit) {
  const Command& status = *find_command("status");
  const Command& fetch = *find_command("fetch");
  const Command& publish = *find_command("publish");
  EXPECT_EQ(misfit(status, Value()), std::nullopt);
  EXPECT_EQ(misfit(status, Value::Object{}), std::nullopt);
  EXPECT_EQ(misfit(fetch, Value{{"content", "a"}}), std::nullopt);
  EXPECT_EQ(misfit(fetch, Value{{"content", Value::name("a\xff")}}), std::nullopt);
  EXPECT_EQ(misfit(fetch, Value{{"force", true}, {"content", "a"}, {"output", "/b"}}),
            std::nullopt);
  EXPECT_EQ(misfit(publish, Value{{"path", "/a"}, {"chunk-size", 65'536U}}), std::nullopt);
  EXPECT_EQ(misfit(*find_command("pause"), Value{{"transfer", "3"}}), std::nullopt);
  EXPECT_EQ(misfit(*find_command("limit"), Value{{"up", 0U}, {"down", 50'000'000U}}), std::nullopt);
}

TEST(Commands, MisfitsAreNamed) {
  const Command& status = *find_command("status");
  const Command& fetch = *find_command("fetch");
  const Command& publish = *find_command("publish");
  EXPECT_EQ(misfit(fetch, Value()), "it needs \"content\"");
  EXPECT_EQ(misfit(fetch, Value{{"force", true}}), "it needs \"content\"");
  EXPECT_EQ(misfit(status, Value{{"colour", true}}), "it takes no \"colour\"");
  EXPECT_EQ(misfit(status, Value("text")), "expected a map");
  EXPECT_EQ(misfit(status, Value::Array{}), "expected a map");
  EXPECT_EQ(misfit(fetch, Value{{"content", 5U}}), "expected a text");
  EXPECT_EQ(misfit(fetch, Value{{"content", Value()}}), "expected a text");
  EXPECT_EQ(misfit(fetch, Value{{"content", Value::Array{"a"}}}), "expected a text");
  EXPECT_EQ(misfit(fetch, Value{{"content", std::string("a\0b", 3)}}),
            "its \"content\" is malformed");
  EXPECT_EQ(misfit(fetch, Value{{"content", "a"}, {"force", 1U}}), "expected true or false");
  EXPECT_EQ(misfit(publish, Value{{"path", "/a"}, {"chunk-size", -1}}),
            "expected a number, 0 or more");
  EXPECT_EQ(misfit(publish, Value{{"path", "/a"}, {"path", 1U}}), "expected a text");
  EXPECT_EQ(misfit(*find_command("pause"), Value{{"transfer", 3U}}), "expected a text");
  EXPECT_EQ(misfit(*find_command("limit"), Value{{"up", "50 MB/s"}}),
            "expected a number, 0 or more");
}

TEST(Commands, ListsFitElementByElement) {
  constexpr std::array arguments{
      Parameter{.name = "id", .kind = Kind::count, .help = "ids", .required = true, .list = true}};
  const Command command{"wait", "", Runs::on_peer, "until done", arguments, {}, {}};
  EXPECT_EQ(misfit(command, Value{{"id", Value::Array{1U, 2U}}}), std::nullopt);
  EXPECT_EQ(misfit(command, Value{{"id", Value::Array{1U, "2"}}}), "expected a number, 0 or more");
  EXPECT_EQ(misfit(command, Value{{"id", 1U}}), "expected a list");
}

} // namespace
} // namespace p2pd::proto
