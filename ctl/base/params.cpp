#include "ctl/base/params.hpp"

#include "ctl/base/failure.hpp"
#include "ctl/base/usage.hpp"
#include "proto/units.hpp"

#include <charconv>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace p2pd::ctl {

namespace {

using proto::Command;
using proto::ExitCode;
using proto::Kind;
using proto::Parameter;
using proto::Value;

std::uint64_t natural(const std::string& text, const std::string& what) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw Failure(ExitCode::usage, what + " is \"" + text + '"', "write a whole number, 0 or more");
  return number;
}

std::uint64_t quantity(std::uint64_t (*parse)(std::string_view), const std::string& text,
                       const std::string& what) {
  try {
    return parse(text);
  } catch (const std::invalid_argument& error) { // its text holds the remedy already
    throw Failure(ExitCode::usage, what + ": " + error.what());
  }
}

std::uint64_t parse_milliseconds(std::string_view text) {
  return static_cast<std::uint64_t>(proto::parse_duration(text).count());
}

// `what` is how people know the parameter: CONTENT, --chunk-size.
Value value_of(const Parameter& parameter, const std::string& text, const std::string& what) {
  if (text.empty()) throw Failure(ExitCode::usage, what + " is empty", "name one, or leave it out");
  switch (parameter.kind) {
  case Kind::flag:
    return true;
  case Kind::size:
    return quantity(proto::parse_size, text, what);
  case Kind::rate:
    return quantity(proto::parse_rate, text, what);
  case Kind::duration:
    return quantity(parse_milliseconds, text, what);
  case Kind::count:
    return natural(text, what);
  case Kind::path:
    return Value::name(absolute_path(text));
  case Kind::text:
  case Kind::content:
  case Kind::peer:
  case Kind::transfer:
  case Kind::command:
    break;
  }
  return Value::name(text);
}

Value option_value(const Typed& typed) {
  const Parameter& option = *typed.option;
  if (option.kind == Kind::flag) return true;
  const std::string what = "--" + std::string(option.name);
  if (!option.list) return value_of(option, typed.values.back(), what);
  Value::Array values;
  for (const std::string& text : typed.values) values.push_back(value_of(option, text, what));
  return values;
}

} // namespace

std::string absolute_path(std::string_view path) {
  const std::filesystem::path typed(path);
  if (typed.is_absolute()) return typed.lexically_normal().string();
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::current_path(error);
  if (error)
    throw Failure(ExitCode::failed, "the working folder is not to be found: " + error.message(),
                  "name paths from the root");
  return (folder / typed).lexically_normal().string();
}

std::vector<Value> make_requests(const Command& command, const std::vector<std::string>& words,
                                 const std::vector<Typed>& options) {
  Value common = Value::Object();
  for (const Typed& typed : options) common.set(typed.option->name, option_value(typed));

  std::vector<Value> requests;
  auto word = words.begin();
  for (const Parameter& argument : command.arguments) {
    const std::string what = placeholder(argument);
    if (word == words.end()) {
      if (argument.required)
        throw Failure(ExitCode::usage, "it needs " + what, "usage: " + usage_line(command));
    } else if (argument.each) {
      for (; word != words.end(); ++word)
        requests.emplace_back(common).set(argument.name, value_of(argument, *word, what));
    } else if (argument.list) {
      Value::Array values;
      for (; word != words.end(); ++word) values.push_back(value_of(argument, *word, what));
      common.set(argument.name, std::move(values));
    } else {
      common.set(argument.name, value_of(argument, *word++, what));
    }
  }
  if (word != words.end())
    throw Failure(ExitCode::usage, "it takes no \"" + *word + '"', "usage: " + usage_line(command));
  if (requests.empty()) requests.push_back(std::move(common));
  return requests;
}

} // namespace p2pd::ctl
