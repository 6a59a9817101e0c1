#include "ctl/shell/editor.hpp"

#include "ctl/base/environment.hpp"
#include "ctl/base/words.hpp"
#include "ctl/render/text.hpp"
#include "ctl/shell/folders.hpp"

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <histedit.h>
#include <new>

namespace p2pd::ctl {

namespace {

constexpr int most_remembered = 1000;
constexpr std::size_t most_listed = 100;

Editor* editor_of(EditLine* edit) {
  void* editor = nullptr;
  ::el_get(edit, EL_CLIENTDATA, &editor);
  return static_cast<Editor*>(editor);
}

// libedit counts characters, our line bytes.
int characters(std::string_view utf8) {
  return static_cast<int>(std::ranges::count_if(utf8, [](char c) { return (c & 0xc0) != 0x80; }));
}

// What all of them begin with, whole characters.
std::string common_start(const std::vector<Candidate>& candidates) {
  std::string start = candidates.front().text;
  for (const Candidate& candidate : candidates)
    start.erase(std::ranges::mismatch(start, candidate.text).in1, start.end());
  const std::string& whole = candidates.front().text;
  while (start.size() < whole.size() && (whole[start.size()] & 0xc0) == 0x80) start.pop_back();
  return start;
}

} // namespace

Editor::Editor(Complete complete)
    : complete_(std::move(complete))
    , edit_(::el_init("p2pctl", stdin, stdout, stderr))
    , history_(::history_init()) {
  if (edit_ == nullptr || history_ == nullptr) throw std::bad_alloc();
  std::setlocale(LC_CTYPE, "C.UTF-8"); // as names are written and counted everywhere here
  HistEvent event{};
  ::history(history_, &event, H_SETSIZE, most_remembered);
  ::history(history_, &event, H_SETUNIQUE, 1);
  ::el_set(edit_, EL_CLIENTDATA, this);
  ::el_set(edit_, EL_PROMPT, &Editor::prompt_of);
  ::el_set(edit_, EL_HIST, ::history, history_);
  ::el_set(edit_, EL_EDITOR, "emacs");
  ::el_set(edit_, EL_SIGNAL, 1); // a resize, above all
  // Of narrow names el_set() would make copies and lose them.
  ::el_wset(edit_, EL_ADDFN, L"p2pctl-complete", L"complete", &Editor::on_tab);
  ::el_wset(edit_, EL_ADDFN, L"p2pctl-give-up", L"give up the line", &Editor::on_interrupt);
  ::el_set(edit_, EL_BIND, "^I", "p2pctl-complete", nullptr);
  ::el_set(edit_, EL_BIND, "^C", "p2pctl-give-up", nullptr);
  ::el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  ::el_set(edit_, EL_BIND, "\\e[3~", "ed-delete-next-char", nullptr);
  ::el_set(edit_, EL_SETTY, "-d", "-isig", nullptr); // Ctrl-C is a key
  ::el_source(edit_, nullptr);                       // the user's ~/.editrc
}

Editor::~Editor() {
  ::el_end(edit_);
  ::history_end(history_);
}

std::optional<std::string> Editor::line(const std::string& prompt) {
  prompt_ = prompt;
  int length = 0;
  const char* const text = ::el_gets(edit_, &length);
  if (text == nullptr || length <= 0) return std::nullopt;
  std::string line(text, static_cast<std::size_t>(length));
  if (line.ends_with('\n')) line.pop_back();
  return line;
}

void Editor::remember(const std::string& line) {
  HistEvent event{};
  ::history(history_, &event, H_ENTER, line.c_str());
}

const char* Editor::prompt_of(EditLine* edit) {
  return editor_of(edit)->prompt_.c_str();
}

unsigned char Editor::on_interrupt(EditLine* edit, std::wint_t) {
  const LineInfo* const line = ::el_line(edit);
  ::el_cursor(edit, characters({line->cursor, line->lastchar}));
  ::el_deletestr(edit, characters({line->buffer, line->lastchar}));
  ::el_insertstr(edit, "\n"); // or it would be the end of input
  std::fputs("^C\n", stdout);
  return CC_NEWLINE;
}

unsigned char Editor::on_tab(EditLine* edit, std::wint_t) {
  return editor_of(edit)->complete_line();
}

unsigned char Editor::complete_line() {
  const LineInfo* const info = ::el_line(edit_);
  const std::string typed(info->buffer, info->cursor);
  Line line = split(typed, {}, environment("HOME"));
  if (!line.in_word) line.words.emplace_back();
  Completions found = complete_(line.words);
  if (found.paths) found.candidates = paths_from(line.words.back());
  if (found.candidates.empty()) return CC_REFRESH_BEEP;

  const std::string start = common_start(found.candidates);
  const bool whole = found.candidates.size() == 1;
  if (!whole && start.size() <= line.words.back().size()) {
    list(found.candidates);
    return CC_REDISPLAY;
  }
  std::string text = as_typed(start.substr(line.kept_of_word), line.open);
  if (whole && !(found.paths && start.ends_with('/'))) {
    if (line.open != Quote::none) text += line.open == Quote::single ? '\'' : '"';
    text += ' ';
  }
  return replace_end(typed.size() - line.kept, text) ? CC_REFRESH : CC_ERROR;
}

bool Editor::replace_end(std::size_t bytes, const std::string& text) {
  const LineInfo* const info = ::el_line(edit_);
  ::el_deletestr(edit_, characters({info->cursor - bytes, info->cursor}));
  return ::el_insertstr(edit_, text.c_str()) == 0;
}

void Editor::list(const std::vector<Candidate>& candidates) {
  int columns = 80;
  ::el_get(edit_, EL_GETTC, "co", &columns);
  std::size_t widest = 0;
  for (const Candidate& candidate : candidates) widest = std::max(widest, width_of(candidate.text));
  std::string out = "\n";
  for (std::size_t i = 0; i < std::min(candidates.size(), most_listed); ++i) {
    const auto& [text, help] = candidates[i];
    const std::string row = help.empty() ? text : padded_right(text, widest) + "  " + help;
    out += cut(row, static_cast<std::size_t>(columns) - 1) + '\n';
  }
  if (candidates.size() > most_listed)
    out += "and " + std::to_string(candidates.size() - most_listed) + " more\n";
  std::fputs(out.c_str(), stdout);
}

} // namespace p2pd::ctl
