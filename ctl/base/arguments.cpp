// CLI11 reads the options alone. What it does with commands and arguments has traps: "--" behind an
// argument ends the command, "[a,b]" is taken apart into "a" and "b", and names of commands are not
// free for files. So the words are left to this file, and each pass is an app without subcommands.
#include "ctl/base/arguments.hpp"

#include "ctl/base/failure.hpp"
#include "ctl/base/params.hpp"
#include "ctl/base/usage.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

namespace p2pd::ctl {

namespace {

using proto::Command;
using proto::ExitCode;
using proto::Kind;
using proto::Parameter;
using Words = std::vector<std::string>;

struct Parsed {
  std::vector<Typed> options; // those that were typed
  Words words;                // all else, in its order
};

[[noreturn]] void refuse(std::string message, std::string remedy) {
  throw Failure(ExitCode::usage, std::move(message), std::move(remedy));
}

bool looks_like_option(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}

std::string help_remedy(const Command* command) {
  return command == nullptr ? "see \"p2pctl help\""
                            : "see \"p2pctl help " + std::string(command->name) + '"';
}

[[noreturn]] void refuse_option(const std::string& word, const std::vector<const Parameter*>& known,
                                const Command* command) {
  std::vector<std::string> spellings;
  spellings.reserve(known.size());
  for (const Parameter* option : known) spellings.push_back("--" + std::string(option->name));
  const std::string typed = word.substr(0, word.find('='));
  const std::vector<std::string_view> candidates(spellings.begin(), spellings.end());
  std::string remedy = help_remedy(command);
  if (const auto meant = nearest(typed, candidates); typed.starts_with("--") && !meant.empty())
    remedy = "did you mean " + std::string(meant) + '?';
  else if (command != nullptr && !command->arguments.empty())
    remedy += "; a name that begins with \"-\" stands behind \"--\"";
  refuse("there is no option \"" + typed + '"', remedy);
}

// CLI11 takes the next word as the value of "--name=": with an unset variable behind the "=", that
// would be a file.
void check_values(const Words& arguments, const std::vector<const Parameter*>& known) {
  for (const std::string& word : arguments) {
    if (word == "--") return;
    for (const Parameter* option : known)
      if (word == "--" + std::string(option->name) + '=')
        refuse("--" + std::string(option->name) + " is empty", "name a value, or leave it out");
  }
}

Typed typed_option(const Parameter& parameter, const CLI::Option& option) {
  Typed typed{&parameter, option.results()};
  const std::string name = "--" + std::string(parameter.name);
  if (parameter.kind == Kind::flag) {
    if (typed.values.back() != "true") refuse(name + " takes no value", "write it alone");
  } else if (!parameter.list && typed.values.size() > 1) {
    refuse(name + " is given twice", "write it once");
  }
  return typed;
}

// Before "--" a word that looks like an option is one that nobody knows; behind it any word is a
// name. While the command is looked for, the first word alone counts: the rest is the command's.
void check_words(Words& words, const std::vector<const Parameter*>& known, const Command* command) {
  const auto end = command == nullptr && !words.empty() ? std::next(words.begin()) : words.end();
  const auto mark = std::find(words.begin(), end, "--");
  const auto unknown = std::find_if(words.begin(), mark, looks_like_option);
  if (unknown != mark) refuse_option(*unknown, known, command);
  if (mark != end) words.erase(mark);
}

// `command` is null while it is looked for; reading then ends at the first word.
Parsed read(const Words& arguments, const std::vector<const Parameter*>& known,
            const Command* command) {
  check_values(arguments, known);
  CLI::App app;
  app.set_help_flag();
  if (command == nullptr)
    app.prefix_command();
  else
    app.allow_extras();
  std::vector<CLI::Option*> options;
  for (const Parameter* parameter : known) {
    std::string names(parameter->brief);
    if (!names.empty()) names += ',';
    names.append("--").append(parameter->name);
    CLI::Option* option =
        parameter->kind == Kind::flag ? app.add_flag(names) : app.add_option(names);
    options.push_back(option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
  }
  try {
    app.parse(Words(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ArgumentMismatch&) { // the line ended where a value should stand
    refuse(arguments.back() + " needs a value", help_remedy(command));
  } catch (const CLI::ParseError& error) {
    refuse(error.what(), help_remedy(command));
  }

  Parsed line{{}, app.remaining()};
  for (std::size_t i = 0; i < known.size(); ++i)
    if (options[i]->count() > 0) line.options.push_back(typed_option(*known[i], *options[i]));

  check_words(line.words, known, command);
  return line;
}

std::chrono::milliseconds seconds(const std::string& text) {
  constexpr double most = 1e9;
  double value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= most))
    refuse("--timeout is \"" + text + '"', "write seconds, such as 10 or 0.5; 0 = never");
  return std::chrono::milliseconds(std::llround(std::ceil(value * 1000)));
}

void apply(const Typed& typed, Globals& globals) {
  const std::string_view name = typed.option->name;
  if (name == "json") globals.json = true;
  if (name == "no-color") globals.no_color = true;
  if (name == "help") globals.help = true;
  if (name == "version") globals.version = true;
  if (name == "socket") globals.socket = typed.values.back();
  if (name == "instance") globals.instance = typed.values.back();
  if (name == "timeout") globals.timeout = seconds(typed.values.back());
}

// Takes what is global out of the options and gives back the rest.
std::vector<Typed> apply_globals(std::vector<Typed> options, Globals& globals) {
  const auto is_global = [](const Typed& typed) {
    return std::ranges::any_of(global_options(),
                               [&](const Parameter& option) { return &option == typed.option; });
  };
  for (const Typed& typed : options)
    if (is_global(typed)) apply(typed, globals);
  std::erase_if(options, is_global);
  return options;
}

std::vector<const Parameter*> known_options(const Command* command) {
  std::vector<const Parameter*> known;
  for (const Parameter& option : global_options()) known.push_back(&option);
  if (command != nullptr)
    for (const Parameter& option : command->options) known.push_back(&option);
  return known;
}

// What tells one path from another where there is little room.
std::string last_step(const std::string& path) {
  const std::string step = std::filesystem::path(path).filename();
  return step.empty() ? path : step;
}

} // namespace

Globals with_defaults(Globals typed, const Globals& otherwise) {
  if (typed.socket.empty() && typed.instance.empty()) {
    typed.socket = otherwise.socket;
    typed.instance = otherwise.instance;
  }
  typed.json |= otherwise.json;
  typed.no_color |= otherwise.no_color;
  if (!typed.timeout) typed.timeout = otherwise.timeout;
  return typed;
}

CommandLine find_command_on(const Words& arguments) {
  Parsed line = read(arguments, known_options(nullptr), nullptr);
  CommandLine found;
  apply_globals(std::move(line.options), found.globals);
  Words& words = line.words;
  if (words.empty()) {
    if (found.globals.help) found.command = proto::find_command("help");
    return found;
  }
  std::size_t used = 2; // names of two words first
  if (words.size() >= 2) found.command = proto::find_command(words[0] + ' ' + words[1]);
  if (found.command == nullptr) {
    used = 1;
    found.command = proto::find_command(words[0]);
  }
  if (found.command == nullptr) {
    const std::string_view meant = nearest_command(words[0]);
    refuse("there is no command \"" + words[0] + '"',
           meant.empty() ? "\"p2pctl help\" lists them"
                         : "did you mean \"" + std::string(meant) + "\"?");
  }
  found.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(used), words.end());
  return found;
}

Invocation parse(CommandLine line) {
  Invocation invocation{std::move(line.globals), line.command, {}, {}};
  if (line.command == nullptr) return invocation;
  Parsed rest = read(line.rest, known_options(line.command), line.command);
  const auto options = apply_globals(std::move(rest.options), invocation.globals);
  if (invocation.globals.version) return invocation;
  if (invocation.globals.help && line.command->name != "help") {
    rest.words = {std::string(line.command->name)};
    invocation.command = proto::find_command("help");
  }
  Words& words = rest.words;
  if (invocation.command->name == "help") { // names of commands may be of two words
    for (std::size_t i = 1; i < words.size(); ++i) words[0] += ' ' + words[i];
    words.resize(std::min<std::size_t>(words.size(), 1));
    invocation.requests = make_requests(*invocation.command, words, {});
  } else {
    invocation.requests = make_requests(*invocation.command, words, options);
  }
  invocation.labels = words;
  invocation.labels.resize(invocation.requests.size());
  const auto arguments = invocation.command->arguments;
  if (!arguments.empty() && arguments.front().kind == proto::Kind::path)
    for (std::string& label : invocation.labels) label = last_step(label);
  return invocation;
}

bool asks_for_json(const Words& arguments) {
  const auto end = std::ranges::find(arguments, "--");
  return std::find(arguments.begin(), end, "--json") != end;
}

} // namespace p2pd::ctl
