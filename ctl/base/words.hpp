// Splits lines into words with the quoting of a POSIX shell: blanks separate words, '...' is
// literal,
// "..." too except for backslashes, and a backslash makes the next byte literal. A "#" that begins
// a word begins a comment. Nothing is expanded except "~" before "/", if a home is given. Thread:
// any; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace p2pd::ctl {

enum class Quote : std::uint8_t { none, single, twofold };

struct Line {
  std::vector<std::string> words; // unquoted
  bool in_word = false;           // the line ends within its last word, not after it
  Quote open = Quote::none;       // the quote that the line ends in
  // If the line ends in a word: the offset in the line at which a replacement of its end begins,
  // and how many bytes of the unquoted word come before that.
  std::size_t kept = 0;
  std::size_t kept_of_word = 0;
};

// For Readline a word begins after the last unquoted one of `breaks`.
Line split(std::string_view line, std::string_view breaks = {}, std::string_view home = {});

// What to type so that the shell reads `text`, if the quote `open` is already open.
std::string as_typed(std::string_view text, Quote open = Quote::none);

} // namespace p2pd::ctl
