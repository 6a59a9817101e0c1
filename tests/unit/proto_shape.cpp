#include "proto/control/commands.hpp"
#include "proto/ids.hpp"

#include <array>
#include <gtest/gtest.h>
#include <set>

namespace p2pd::proto {
namespace {

constexpr std::array<std::string_view, 2> colours{"red", "blue"};
constexpr std::array inner_fields{Field{.name = "size", .type = Type::integer}};
constexpr Record inner{inner_fields};
constexpr std::array fields{
    Field{.name = "name"},
    Field{.name = "done", .type = Type::boolean, .only = "where it is known"},
    Field{.name = "rate", .type = Type::number, .null = "it does not move"},
    Field{.name = "colour", .type = Type::word, .words = colours, .only = "of a car"},
    Field{.name = "since", .type = Type::time, .only = "of a car"},
    Field{.name = "content", .type = Type::content_id, .only = "of a car"},
    Field{.name = "peer", .type = Type::peer_id, .only = "of a car"},
    Field{.name = "at", .type = Type::address, .list = true, .only = "of a car"},
    Field{
        .name = "files", .type = Type::object, .list = true, .record = &inner, .only = "of a car"}};
constexpr Record record{fields};

// A body that fits, with one field more.
std::optional<std::string> misfit_with(const char* key, Value value) {
  Value body{{"name", "x"}, {"rate", 0.5}};
  body.set(key, std::move(value));
  return misfit(record, body);
}

TEST(Shape, FitsWhatItDescribes) {
  EXPECT_EQ(misfit(record, Value{{"name", "x"}, {"rate", 0.5}}), std::nullopt);
  EXPECT_EQ(misfit_with("name", Value::name("a\xff")), std::nullopt) << "not UTF-8";
  EXPECT_EQ(misfit_with("done", true), std::nullopt);
  EXPECT_EQ(misfit_with("rate", Value()), std::nullopt);
  EXPECT_EQ(misfit_with("rate", 3U), std::nullopt) << "a whole number is a number";
  EXPECT_EQ(misfit_with("colour", "blue"), std::nullopt);
  EXPECT_EQ(misfit_with("since", "2026-01-31T09:05:00Z"), std::nullopt);
  EXPECT_EQ(misfit_with("content", std::string(64, 'f')), std::nullopt);
  EXPECT_EQ(misfit_with("peer", to_text(PeerId{})), std::nullopt);
  for (const char* address : {"10.0.0.1:1", "[::1]:7440", "tracker.example:65535", "", "nowhere"})
    EXPECT_EQ(misfit_with("at", Value::Array{address}), std::nullopt) << address;
  EXPECT_EQ(misfit_with("files", Value::Array{}), std::nullopt);
  EXPECT_EQ(misfit_with("files", Value::Array{Value{{"size", 1U}}}), std::nullopt);
  EXPECT_EQ(misfit(Record{}, Value::Object{}), std::nullopt);
}

TEST(Shape, SaysWhereABodyDoesNotFit) {
  EXPECT_EQ(misfit(record, "text"), "expected a map");
  EXPECT_EQ(misfit(record, Value{{"name", "x"}}), "rate: it is missing");
  EXPECT_EQ(misfit(record, Value{{"name", Value()}, {"rate", 1U}}), "name: expected a text");
  EXPECT_EQ(misfit_with("size", 1U), "size: nothing describes it");
  EXPECT_EQ(misfit_with("done", 1U), "done: expected true or false");
  EXPECT_EQ(misfit_with("done", Value()), "done: expected true or false");
  EXPECT_EQ(misfit_with("rate", "fast"), "rate: expected a number");
  EXPECT_EQ(misfit_with("rate", -0.5), "rate: expected a number, 0 or more");
  EXPECT_EQ(misfit_with("colour", "green"), "colour: \"green\" does not fit");
  for (const char* time : {"", "2026-01-31", "2026-01-31T09:05:00", "2026-01-31T09:05:00.5Z"})
    EXPECT_TRUE(misfit_with("since", time)) << time;
  for (const std::string& id : {std::string(63, 'f'), std::string(64, 'g'), std::string()})
    EXPECT_TRUE(misfit_with("content", id)) << id;
  EXPECT_TRUE(misfit_with("peer", std::string(52, '1')));
  EXPECT_EQ(misfit_with("at", "10.0.0.1:1"), "at: expected a list");
  EXPECT_EQ(misfit_with("files", Value::Array{Value{{"size", 1U}}, Value{{"size", -1}}}),
            "files[1].size: expected a number, 0 or more");
  EXPECT_EQ(misfit_with("files", Value::Array{Value::Object{}}), "files[0].size: it is missing");
}

bool plain_key(std::string_view key) {
  return !key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == key.npos;
}

// The unit that a key's name promises.
Unit promised(std::string_view key) {
  if (key.ends_with("_bytes")) return Unit::bytes;
  if (key.ends_with("_s")) return Unit::seconds;
  if (key.ends_with("_ms")) return Unit::milliseconds;
  return Unit::none;
}

void expect_well_formed(const Record& record, const std::string& where) {
  std::set<std::string_view> names;
  for (const Field& field : record.fields) {
    const std::string place = where + '.' + std::string(field.name);
    EXPECT_TRUE(plain_key(field.name)) << place;
    EXPECT_TRUE(names.insert(field.name).second) << place << " is there twice";
    EXPECT_FALSE(field.meaning.empty()) << place;
    EXPECT_NE(field.meaning.back(), '.') << place;
    EXPECT_EQ(field.type == Type::object, field.record != nullptr) << place;
    EXPECT_EQ(field.type == Type::word, !field.words.empty()) << place;
    if (field.type == Type::integer || field.type == Type::number) {
      if (promised(field.name) != Unit::none) {
        EXPECT_EQ(field.unit, promised(field.name)) << place;
      }
    } else {
      EXPECT_EQ(field.unit, Unit::none) << place << " is no number";
    }
    if (!field.only.empty()) {
      const std::string_view first = field.only.substr(0, field.only.find(' '));
      EXPECT_TRUE(first == "on" || first == "if" || first == "while") << place;
    }
    if (field.record != nullptr) expect_well_formed(*field.record, place);
  }
}

TEST(Shape, OfEveryCommandIsWellFormed) {
  for (const Command& command : commands()) {
    const std::string name(command.name);
    if (command.result != nullptr) expect_well_formed(*command.result, name);
    if (command.event != nullptr) expect_well_formed(*command.event, name + " (event)");
    if (command.runs != Runs::without_daemon) {
      EXPECT_TRUE(command.result != nullptr || command.event != nullptr) << name;
    }
    if (command.in_parts.empty()) continue;
    ASSERT_NE(command.event, nullptr) << name;
    ASSERT_EQ(command.event->fields.size(), 1U) << name << ": a part of the list and nothing else";
    EXPECT_EQ(command.event->fields.front().name, command.in_parts) << name;
    EXPECT_TRUE(command.event->fields.front().list) << name;
  }
}

} // namespace
} // namespace p2pd::proto
