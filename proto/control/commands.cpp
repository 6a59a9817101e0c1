#include "proto/control/commands.hpp"

#include "proto/error.hpp"

#include <algorithm>

namespace p2pd::proto {

namespace {

bool fits(const Parameter& parameter, const Value& value) {
  switch (parameter.kind) {
  case Kind::flag:
    value.boolean();
    return true;
  case Kind::size:
  case Kind::rate:
  case Kind::duration: // milliseconds
  case Kind::count:
    value.natural();
    return true;
  case Kind::text:
  case Kind::path:
  case Kind::content:
  case Kind::peer:
  case Kind::transfer:
  case Kind::command:
    return value.text().find('\0') == std::string::npos;
  }
  return false;
}

const Parameter* find_parameter(const Command& command, std::string_view name) {
  for (const auto list : {command.arguments, command.options})
    for (const Parameter& parameter : list)
      if (parameter.name == name) return &parameter;
  return nullptr;
}

} // namespace

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find_if(commands(), [&](const Command& command) {
    return command.name == name || (!command.alias.empty() && command.alias == name);
  });
  return found == commands().end() ? nullptr : &*found;
}

std::optional<std::string> misfit(const Command& command, const Value& params) try {
  if (!params.is_null())
    for (const auto& [key, value] : params.object()) {
      const Parameter* parameter = find_parameter(command, key);
      if (parameter == nullptr) return "it takes no \"" + key + '"';
      bool fit = true;
      if (parameter->list) {
        for (const Value& element : value.array()) fit = fit && fits(*parameter, element);
      } else {
        fit = fits(*parameter, value);
      }
      if (!fit) return "its \"" + key + "\" is malformed";
    }
  for (const Parameter& argument : command.arguments)
    if (argument.required && params[argument.name].is_null())
      return "it needs \"" + std::string(argument.name) + '"';
  return std::nullopt;
} catch (const Error& error) {
  return std::string(error.what());
}

} // namespace p2pd::proto
