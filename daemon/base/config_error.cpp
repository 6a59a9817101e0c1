#include "daemon/base/config_error.hpp"

#include "proto/bytes.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace p2pd::base {

namespace {

// A message quotes what was written, and what was written may hold anything.
std::string one_line(const std::string& message) {
  std::string line;
  for (const char c : message) {
    const auto code = static_cast<unsigned char>(c);
    line += code < 0x20 || code == 0x7f ? fmt::format("\\u{:04x}", code) : std::string(1, c);
  }
  return line;
}

std::vector<Problem> tidy(std::vector<Problem> problems) {
  std::ranges::stable_sort(problems, {}, &Problem::where);
  for (Problem& problem : problems) problem.message = one_line(problem.message);
  return problems;
}

std::string headline(const std::string& file, const Problem& problem) {
  const auto& [line, column] = problem.where;
  return line == 0 ? fmt::format("{}: {}", file, problem.message)
                   : fmt::format("{}:{}:{}: {}", file, line, column, problem.message);
}

std::string headlines(const std::string& file, const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems)
    text += (text.empty() ? "" : "\n") + headline(file, problem);
  return text;
}

std::string line_of(std::string_view source, unsigned number) {
  for (unsigned line = 1; number > 0; ++line) {
    const std::size_t end = source.find('\n');
    if (line == number) {
      std::string_view text = source.substr(0, end);
      if (text.ends_with('\r')) text.remove_suffix(1);
      return std::string(text);
    }
    if (end == std::string_view::npos) break;
    source.remove_prefix(end + 1);
  }
  return "";
}

// Puts the caret under `column`, whatever tabs and multi-byte letters stand before it.
std::string mark_below(std::string_view line, unsigned column) {
  std::string mark;
  for (const char c : line.substr(0, column - 1)) {
    const bool continues_a_letter = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (!continues_a_letter) mark += c == '\t' ? '\t' : ' ';
  }
  return mark + '^';
}

} // namespace

ConfigError::ConfigError(const std::string& file, std::string_view source,
                         std::vector<Problem> problems)
    : std::runtime_error(headlines(file, tidy(problems)))
    , file_(file)
    , problems_(tidy(std::move(problems))) {
  for (const Problem& problem : problems_)
    source_lines_.push_back(line_of(source, problem.where.line));
}

std::string ConfigError::with_source() const {
  std::string text;
  for (std::size_t i = 0; i < problems_.size(); ++i) {
    text += headline(file_, problems_[i]) + '\n';
    if (const std::string& line = source_lines_[i]; !line.empty())
      text += fmt::format("  {}\n  {}\n", proto::printable(line),
                          mark_below(line, problems_[i].where.column));
  }
  return text;
}

} // namespace p2pd::base
