#include "ctl/base/words.hpp"

#include <tuple>
#include <utility>

namespace p2pd::ctl {

namespace {

constexpr std::string_view blanks = " \t\n";
constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "%+,-./:=@_";

class Splitter {
 public:
  Splitter(std::string_view text, std::string_view breaks, std::string_view home)
      : text_(text), breaks_(breaks), home_(home) {}

  Line split() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (line_.open == Quote::none && !line_.in_word && c == '#') {
        at_ = text_.size();
        break;
      }
      if (line_.open != Quote::none)
        quoted_byte(c);
      else if (blanks.find(c) != std::string_view::npos)
        line_.in_word = false;
      else
        bare_byte(c);
    }
    if (!line_.in_word) line_.kept = text_.size();
    return std::move(line_);
  }

 private:
  std::string& word() {
    if (!line_.in_word) {
      line_.words.emplace_back();
      line_.in_word = true;
      line_.kept = at_;
      line_.kept_of_word = 0;
    }
    return line_.words.back();
  }

  void keep() { // all that was read
    line_.kept = at_ + 1;
    line_.kept_of_word = word().size();
  }

  void bare_byte(char c) {
    std::string& into = word();
    if (c == '\\') {
      if (++at_ < text_.size()) into += text_[at_];
    } else if (c == '\'' || c == '"') {
      line_.open = c == '"' ? Quote::twofold : Quote::single;
      before_quote_ = {line_.kept, line_.kept_of_word};
      keep();
    } else if (c == '~' && line_.kept == at_ && text_.substr(at_ + 1, 1) == "/" && !home_.empty()) {
      into += home_;
    } else {
      into += c;
      if (breaks_.find(c) != std::string_view::npos) keep();
    }
  }

  void quoted_byte(char c) {
    constexpr std::string_view escapable = "$`\"\\";
    const char end = line_.open == Quote::twofold ? '"' : '\'';
    if (c == end) {
      line_.open = Quote::none;
      if (breaks_.find(c) != std::string_view::npos)
        keep();
      else
        std::tie(line_.kept, line_.kept_of_word) = before_quote_;
    } else if (c == '\\' && end == '"' && at_ + 1 < text_.size() &&
               escapable.find(text_[at_ + 1]) != std::string_view::npos) {
      word() += text_[++at_];
    } else {
      word() += c;
    }
  }

  const std::string_view text_;
  const std::string_view breaks_;
  const std::string_view home_;
  std::size_t at_ = 0;
  std::pair<std::size_t, std::size_t> before_quote_; // kept, kept_of_word
  Line line_;
};

} // namespace

Line split(std::string_view line, std::string_view breaks, std::string_view home) {
  return Splitter(line, breaks, home).split();
}

// bash expands its history at an exclamation mark, except in single quotes and after a backslash.
std::string as_typed(std::string_view text, Quote open) {
  std::string out;
  for (const char c : text) {
    if (open == Quote::single)
      out += c == '\'' ? "'\\''" : std::string(1, c);
    else if (open == Quote::twofold && c == '!')
      out += "\"'!'\"";
    else if (open == Quote::twofold)
      out += std::string(c == '$' || c == '`' || c == '"' || c == '\\' ? "\\" : "") + c;
    else
      out +=
          std::string((c & 0x80) == 0 && plain.find(c) == std::string_view::npos ? "\\" : "") + c;
  }
  return out;
}

} // namespace p2pd::ctl
