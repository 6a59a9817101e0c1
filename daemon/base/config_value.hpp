// Makes a Type from a parser of one value: the part of config_types that all types share. A parser
// takes a Value and the Environment, and throws WrongType, or std::invalid_argument with "what is
// wrong: what would be right".
// Thread: any; values only.
#pragma once

#include "daemon/base/config_types.hpp"

#include <fmt/core.h>

namespace p2pd::base {

struct WrongType {};

template <class T>
const T& get(const Value& value) {
  if (const T* held = std::get_if<T>(&value.is)) return *held;
  throw WrongType();
}

template <class... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
  throw std::invalid_argument(fmt::format(format, std::forward<Args>(args)...));
}

// "a text", "a whole number", ...
std::string_view kind_of(const Value& value);

// The text in quotes, with unprintable bytes escaped.
std::string in_quotes(std::string_view text);

// The value's text, without NUL because it is passed to system calls.
const std::string& text_of(const Value& value);

// Runs a parser; an exception becomes a problem at the value's position.
template <class Action>
void reporting(const Value& value, const Reading& reading, const std::string& words,
               Action action) {
  try {
    action();
  } catch (const WrongType&) {
    reading.problems.push_back(
        {value.where, fmt::format("{} takes {}, and this is {}: write {}", reading.key, words,
                                  kind_of(value), reading.example)});
  } catch (const std::invalid_argument& error) {
    reading.problems.push_back({value.where, fmt::format("{}: {}", reading.key, error.what())});
  }
}

template <class T, class Parse, class Print>
Type make_type(T Config::*field, std::string words, Parse parse, Print print) {
  return {
      words,
      [=](Config& config, const Value& value, const Reading& reading) {
        reporting(value, reading, words,
                  [&] { config.*field = parse(value, reading.environment); });
      },
      [=](const Config& config) { return print(config.*field); },
      [=](Config& to, const Config& from) { to.*field = from.*field; },
      [=](const Config& a, const Config& b) { return a.*field == b.*field; },
  };
}

// A list whose elements are parsed and reported one by one; the parser also gets those before it
// and the index. The list replaces the default.
template <class T, class Parse, class Print>
Type make_list(std::vector<T> Config::*field, std::string words, Parse parse, Print print) {
  return {
      words,
      [=](Config& config, const Value& value, const Reading& reading) {
        std::vector<T>& list = config.*field;
        list.clear();
        reporting(value, reading, words, [&] {
          std::size_t index = 0;
          for (const Value& member : get<std::vector<Value>>(value)) {
            reporting(member, reading, words,
                      [&] { list.push_back(parse(member, reading.environment, list, index)); });
            ++index;
          }
        });
      },
      [=](const Config& config) {
        std::string text;
        for (const T& member : config.*field) text += (text.empty() ? "" : ", ") + print(member);
        return '[' + text + ']';
      },
      [=](Config& to, const Config& from) { to.*field = from.*field; },
      [=](const Config& a, const Config& b) { return a.*field == b.*field; },
  };
}

} // namespace p2pd::base
