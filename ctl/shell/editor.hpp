// Lines typed on the terminal, edited by libedit: with a history and completion at Tab. Ctrl-C
// gives up the line; the terminal's signals do nothing else while a line is read.
// Thread: one. Lifetime: one at a time, since it has stdin, stdout and LC_CTYPE to itself.
#pragma once

#include "ctl/complete/complete.hpp"

#include <cwchar>
#include <optional>
#include <string>

struct editline;
struct history;

namespace p2pd::ctl {

class Editor final {
 public:
  using Complete = std::function<Completions(std::span<const std::string> words)>;

  explicit Editor(Complete complete);
  ~Editor();
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  // Without the line feed; "" for one that was given up; nothing at the end of input.
  std::optional<std::string> line(const std::string& prompt);

  void remember(const std::string& line);

 private:
  static const char* prompt_of(::editline* edit);
  static unsigned char on_tab(::editline* edit, std::wint_t key);
  static unsigned char on_interrupt(::editline* edit, std::wint_t key);

  unsigned char complete_line();
  bool replace_end(std::size_t bytes, const std::string& text); // what stands before the cursor
  void list(const std::vector<Candidate>& candidates);

  Complete complete_;
  ::editline* edit_;
  ::history* history_;
  std::string prompt_;
};

} // namespace p2pd::ctl
