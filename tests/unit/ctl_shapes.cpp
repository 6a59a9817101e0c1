// What p2pctl draws, held against the shapes that the command table describes: a key that a
// renderer reads and no answer has would be an empty cell, or a line that is never drawn.
#include "proto/control/commands.hpp"
#include "proto/ids.hpp"
#include "tests/unit/ctl_drawn.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <sstream>

namespace p2pd::ctl {
namespace {

using proto::Command;
using proto::Field;
using proto::Parameter;
using proto::Record;
using proto::Type;
using proto::Value;

Value sample(const Record& record, std::size_t word);

// A value of the field that is neither null nor empty.
Value sample_of_one(const Field& field, std::size_t word) {
  switch (field.type) {
  case Type::object:
    return sample(*field.record, word);
  case Type::boolean:
    return true;
  case Type::integer:
    return 7U;
  case Type::number:
    return 1.5;
  case Type::text:
    return "text";
  case Type::word:
    return field.words[word % field.words.size()];
  case Type::time:
    return "2026-01-31T09:05:00Z";
  case Type::content_id:
    return std::string(64, 'c');
  case Type::peer_id:
    return to_text(proto::PeerId{});
  case Type::address:
    return "192.0.2.1:7440";
  }
  return {};
}

// A body with every field that there may be; `word`: which of those that a field may have.
Value sample(const Record& record, std::size_t word) {
  Value body{Value::Object{}};
  for (const Field& field : record.fields) {
    Value one = sample_of_one(field, word);
    body.set(field.name, field.list ? Value(Value::Array{std::move(one)}) : std::move(one));
  }
  return body;
}

void each_shape(const std::function<void(const Record&, Renderer, const std::string&)>& use) {
  for (const Handler& handler : handlers()) {
    if (handler.local != nullptr) continue; // p2pctl makes the answer itself, out of its own table
    const Command& command = *proto::find_command(handler.command);
    const std::string name(command.name);
    if (handler.render != nullptr && command.result != nullptr)
      use(*command.result, handler.render, name);
    if (handler.event != nullptr && command.event != nullptr)
      use(*command.event, handler.event, name + " (event)");
  }
}

TEST(Shapes, OfEveryAnswerFillEveryCell) {
  const std::regex missing("(^|\\s)-(\\s|$)");
  each_shape([&](const Record& record, Renderer render, const std::string& name) {
    std::string shown;
    bool filled = false; // for one of the words: what does not run has no rate
    for (std::size_t word = 0; word < 16; ++word) {
      const Value answer = sample(record, word);
      ASSERT_EQ(misfit(record, answer), std::nullopt) << name;
      shown = drawn(render, answer, terminal);
      filled = filled || !std::regex_search(shown, missing);
      std::istringstream lines(drawn(render, answer, piped));
      for (std::string line; std::getline(lines, line);)
        EXPECT_TRUE(line.find("\t\t") == line.npos && !line.starts_with('\t') &&
                    !line.ends_with('\t'))
            << name << ": " << line;
    }
    EXPECT_TRUE(filled) << name << ":\n" << shown;
  });
}

TEST(Shapes, OfEveryAnswerAreDrawn) {
  each_shape([&](const Record& record, Renderer render, const std::string& name) {
    if (record.fields.empty()) return;
    EXPECT_NE(drawn(render, sample(record, 0), terminal), "") << name;
    EXPECT_NE(drawn(render, sample(record, 0), piped), "") << name;
  });
}

void add_keys(const Record& record, std::set<std::string, std::less<>>& keys) {
  for (const Field& field : record.fields) {
    keys.emplace(field.name);
    if (field.record != nullptr) add_keys(*field.record, keys);
  }
}

// answer["key"], in whatever part of p2pctl reads answers or makes requests.
TEST(Shapes, HaveEveryKeyThatIsRead) {
  std::set<std::string, std::less<>> keys;
  for (const Command& command : proto::commands()) {
    for (const Record* const record : {command.result, command.event})
      if (record != nullptr) add_keys(*record, keys);
    for (const auto list : {command.arguments, command.options})
      for (const Parameter& parameter : list) keys.emplace(parameter.name);
  }
  const std::regex read(R"re(\["([^"]+)"\])re");
  std::size_t count = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(P2PD_SOURCE_ROOT "/ctl")) {
    if (file.path().extension() != ".cpp") continue;
    std::ostringstream text;
    text << std::ifstream(file.path()).rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator at(source.begin(), source.end(), read), end; at != end; ++at) {
      EXPECT_TRUE(keys.contains((*at)[1].str())) << file.path() << " reads " << (*at)[1];
      ++count;
    }
  }
  EXPECT_GT(count, 100U);
}

} // namespace
} // namespace p2pd::ctl
