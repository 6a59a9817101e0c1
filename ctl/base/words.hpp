// Lines of words as people type them at a prompt, quoted as for a POSIX shell: blanks part words,
// '...' is taken as it stands, "..." but for backslashes, and a backslash takes the next byte as it
// stands. A "#" that begins a word begins a remark. Nothing is expanded but a "~" before a "/",
// where a home is named. Thread: any; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace p2pd::ctl {

enum class Quote : std::uint8_t { none, single, twofold };

struct Line {
  std::vector<std::string> words; // unquoted
  bool in_word = false;           // the line ends within its last word, not behind it
  Quote open = Quote::none;       // the quote that the line ends in
  // Of a line that ends in a word: where what takes the place of its end would stand, in bytes of
  // the line, and how many bytes of the unquoted word stand before that.
  std::size_t kept = 0;
  std::size_t kept_of_word = 0;
};

// Readline takes an end of a word for the whole, from the last of `breaks` on that is not quoted.
Line split(std::string_view line, std::string_view breaks = {}, std::string_view home = {});

// What to type for the shell to read `text`, where `open` is the quote that stands open.
std::string as_typed(std::string_view text, Quote open = Quote::none);

} // namespace p2pd::ctl
