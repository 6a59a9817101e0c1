// help, COMMAND --help and the overview, all made from the command table.
#include "ctl/commands/commands.hpp"

#include "ctl/base/failure.hpp"
#include "ctl/base/usage.hpp"
#include "ctl/render/text.hpp"

#include <algorithm>

namespace p2pd::ctl {

namespace {

using proto::Command;
using proto::ExitCode;
using proto::Parameter;
using proto::Runs;
using proto::Value;

std::string_view role_of(const Command& command) {
  switch (command.runs) {
  case Runs::on_both:
    return "both";
  case Runs::on_peer:
    return "peer";
  case Runs::on_tracker:
    return "tracker";
  case Runs::without_daemon:
    break;
  }
  return "none";
}

Value described(std::span<const Parameter> parameters) {
  Value::Array list;
  for (const Parameter& parameter : parameters)
    list.push_back(Value{{"name", parameter.name},
                         {"brief", parameter.brief},
                         {"value", placeholder(parameter)},
                         {"required", parameter.required},
                         {"several", parameter.each || parameter.list},
                         {"help", parameter.help}});
  return list;
}

Value described(const Command& command) {
  Value::Array examples;
  for (const proto::Example& example : command.examples)
    examples.push_back({{"line", example.line}, {"says", example.says}});
  return {{"name", command.name},
          {"alias", command.alias},
          {"role", role_of(command)},
          {"summary", command.summary},
          {"usage", usage_line(command)},
          {"arguments", described(command.arguments)},
          {"options", described(command.options)},
          {"examples", std::move(examples)}};
}

using Lines = std::vector<std::pair<std::string, std::string>>;

// A heading and lines of two columns under it; nothing where there are none.
std::string section(std::string_view heading, const Lines& lines, const Style& style) {
  if (lines.empty()) return "";
  std::size_t columns = 0;
  for (const auto& [left, right] : lines) columns = std::max(columns, width_of(left));
  std::string out = '\n' + tinted(heading, Tint::heading, style) + '\n';
  for (const auto& [left, right] : lines)
    out += "  " + padded_right(left, columns) + "  " + wrapped(right, style.columns, columns + 4) +
           '\n';
  return out;
}

Lines option_lines(std::span<const Parameter> options) {
  Lines lines;
  for (const Parameter& option : options)
    lines.emplace_back((option.brief.empty() ? "    " : "") + spelling(option), option.help);
  return lines;
}

Lines command_lines() {
  Lines lines;
  for (const Command& command : proto::commands()) {
    std::string name(command.name);
    if (!command.alias.empty()) name += ", " + std::string(command.alias);
    lines.emplace_back(std::move(name), command.summary);
  }
  return lines;
}

std::string page_of(const Command& command, const Style& style) {
  std::string out = usage_line(command) + "\n\n  " + std::string(command.summary);
  if (!command.alias.empty()) out += "; also \"" + std::string(command.alias) + '"';
  if (command.runs == Runs::on_peer) out += " (on a peer)";
  if (command.runs == Runs::on_tracker) out += " (on a tracker)";
  out += '\n';
  Lines arguments;
  for (const Parameter& argument : command.arguments)
    arguments.emplace_back(placeholder(argument), argument.help);
  Lines examples;
  for (const proto::Example& example : command.examples)
    examples.emplace_back(example.line, example.says);
  return out + section("Arguments", arguments, style) +
         section("Options", option_lines(command.options), style) +
         section("Options of every command", option_lines(global_options()), style) +
         section("Examples", examples, style);
}

constexpr std::string_view title = "p2pctl [OPTIONS] COMMAND [ARGUMENTS]";

std::string full_overview(const Style& style) {
  return std::string(title) + "\n\n  controls the file distribution daemon p2pd\n" +
         section("Commands", command_lines(), style) +
         section("Options", option_lines(global_options()), style) +
         "\nMore: p2pctl help COMMAND, man p2pctl\n";
}

} // namespace

std::string overview() {
  return std::string(title) + '\n' + section("Commands", command_lines(), Style()) +
         "\nMore: p2pctl help COMMAND, man p2pctl\n";
}

Value explain(const Value& params) {
  if (params["command"].is_null()) {
    Value::Array commands;
    for (const Command& command : proto::commands()) commands.push_back(described(command));
    return {{"commands", std::move(commands)}};
  }
  const std::string name = params["command"].text();
  const Command* command = proto::find_command(name);
  if (command != nullptr) return {{"command", described(*command)}};
  const std::string_view meant = nearest_command(name);
  throw Failure(ExitCode::usage, "there is no command \"" + name + '"',
                meant.empty() ? "\"p2pctl help\" lists them"
                              : "did you mean \"" + std::string(meant) + "\"?");
}

std::string render_help(Answers answers, const Style& style) {
  const Value& name = answers.front()["command"]["name"];
  return name.is_null() ? full_overview(style) : page_of(*proto::find_command(name.text()), style);
}

} // namespace p2pd::ctl
