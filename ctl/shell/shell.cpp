#include "ctl/shell/shell.hpp"

#include "ctl/app.hpp"
#include "ctl/base/environment.hpp"
#include "ctl/base/failure.hpp"
#include "ctl/base/words.hpp"
#include "ctl/complete/ask.hpp"
#include "ctl/render/cells.hpp"
#include "ctl/render/text.hpp"
#include "ctl/shell/choice.hpp"
#include "ctl/shell/editor.hpp"
#include "ctl/shell/history_file.hpp"

#include <csignal>
#include <iostream>
#include <unistd.h>

namespace p2pd::ctl {

namespace {

using proto::ExitCode;
using proto::Value;
using Words = std::vector<std::string>;

// The command names of the systems that p2pd replaces.
constexpr std::pair<std::string_view, std::string_view> old_names[]{
    {"?", "help"},         {"list_files", "files"}, {"list_peers", "peers"},
    {"SEED", "publish"},   {"DOWNLOAD", "fetch"},   {"list_chunkinfo", "chunks"},
    {"set_delay", "delay"}};

// The words of a command line, with old names replaced.
Words command_on(const std::string& text) {
  Line line = split(text, {}, environment("HOME"));
  if (line.open != Quote::none)
    throw Failure(ExitCode::usage, "a quote is not closed", "close it, or put a \\ before it");
  Words& words = line.words;
  if (!words.empty() && words.front() == "p2pctl") words.erase(words.begin());
  for (const auto& [old, name] : old_names)
    if (!words.empty() && words.front() == old) words.front() = name;
  return std::move(words);
}

// For the next time. A token holds the network's secret, so no line with one stays anywhere.
bool is_kept(const std::string& line) {
  return line.find_first_not_of(' ') == 0 && line.find("join") == std::string::npos;
}

std::string greeting(const Value& status) {
  std::string text = "p2pctl " P2PD_VERSION;
  if (!status.is_null())
    text += " at the " + text_of(status["role"]) + ' ' + text_of(status["name"]);
  text += '\n';
  if (status["member"] == Value(false))
    text += "  join -         first: become a member, with what \"invite\" prints on the tracker\n";
  if (status["role"] == Value("tracker"))
    text += "  invite         print the token that makes a machine a member\n"
            "  peers          see who is there\n"
            "  files          see what they share\n";
  else
    text += "  publish PATH   share a file or a folder with everybody\n"
            "  files          see what everybody shares\n"
            "  fetch NAME     get it, into the download folder\n";
  return text + "  ?              see all commands; Tab completes them, exit leaves\n";
}

class Shell final {
 public:
  Shell(const Globals& globals, const Screen& screen) : globals_(globals), screen_(screen) {}

  void at_prompt() {
    // Ctrl-C is a key at the prompt, a command waits for it by itself, and it ends nothing else.
    const auto before = std::signal(SIGINT, [](int) {});
    Editor editor([this](std::span<const std::string> words) { return complete(words, ask_); });
    const HistoryFile file;
    for (const std::string& line : file.lines()) editor.remember(line);
    const auto choose = [&](Invocation& invocation) {
      choose_contents(invocation, ask_, screen_,
                      [&](const std::string& prompt) { return editor.line(prompt); });
    };
    const std::string prompt = greet();
    while (!left_) {
      const auto line = editor.line(prompt);
      if (!line) break;
      if (is_kept(*line)) {
        editor.remember(*line);
        file.add(*line);
      }
      execute(*line, choose);
    }
    if (!left_) screen_.print("\n"); // behind the prompt
    std::signal(SIGINT, before);
  }

  ExitCode from_stdin() {
    ExitCode first = ExitCode::done;
    for (std::string line; !left_ && std::getline(std::cin, line);) {
      const ExitCode code = execute(line, nullptr);
      if (first == ExitCode::done) first = code;
      if (code == ExitCode::interrupted) break;
    }
    return first;
  }

 private:
  // Returns the prompt.
  std::string greet() {
    const Value status = ask_(globals_, "status", Value());
    screen_.print(greeting(status));
    if (status.is_null()) execute("--timeout 1 status", nullptr); // which says why there is none
    const std::string name = status.is_null() ? "p2pctl" : text_of(status["name"]);
    return cut(name, 20) + "> ";
  }

  ExitCode execute(const std::string& line, const std::function<void(Invocation&)>& choose) try {
    const Words words = command_on(line);
    left_ = words == Words{"exit"} || words == Words{"quit"};
    if (words.empty() || left_) return ExitCode::done;
    return run(words, stdout, stderr,
               {globals_, [&](Invocation& invocation) {
                  if (invocation.command->name == "shell")
                    throw Failure(ExitCode::usage, "this is already the shell", "exit leaves it");
                  if (choose && invocation.command->name == "fetch") choose(invocation);
                }});
  } catch (const Failure& failure) {
    screen_.fail("", failure.error());
    return failure.error().code;
  }

  const Globals globals_;
  const Screen& screen_;
  const Ask ask_ = [this](const Globals& daemon, std::string_view command, const Value& params) {
    return ask_quietly(with_defaults(daemon, globals_), command, params);
  };
  bool left_ = false;
};

} // namespace

ExitCode run_shell(const Globals& globals, const Screen& screen) {
  Shell shell(globals, screen);
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return shell.from_stdin();
  shell.at_prompt();
  return ExitCode::done;
}

} // namespace p2pd::ctl
