#include "tests/golden/golden_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace p2pd::golden {

using proto::Bytes;

namespace {

constexpr const char* how = "; if the protocol is meant to change, run with P2PD_UPDATE_GOLDEN=1";

std::string slurp(const std::string& name) {
  std::ifstream in(path_of(name));
  EXPECT_TRUE(in) << name << " is missing" << how;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write(const std::string& name, const std::string& text) {
  std::filesystem::create_directories(path_of(name).parent_path());
  std::ofstream out(path_of(name));
  out << text;
  ASSERT_TRUE(out.flush()) << name << " cannot be written";
}

std::string lines_of(const Bytes& piece) {
  constexpr std::size_t bytes_a_line = 32;
  std::string out;
  for (std::size_t at = 0; at < piece.size(); at += bytes_a_line) {
    const std::size_t size = std::min(bytes_a_line, piece.size() - at);
    out += (at == 0 ? "" : "  ") + proto::hex(proto::View(piece).subspan(at, size)) + '\n';
  }
  return out;
}

} // namespace

bool updating() {
  const char* value = std::getenv("P2PD_UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

Bytes read(const std::string& name) {
  std::istringstream in(slurp(name));
  std::string digits;
  for (std::string line; std::getline(in, line);)
    for (const char c : line.substr(0, line.find('#')))
      if (c != ' ') digits += c;
  Bytes out(digits.size() / 2);
  EXPECT_TRUE(proto::from_hex(digits, out)) << name << " is no hex";
  return out;
}

void expect_file(const std::string& name, const std::string& comment,
                 const std::vector<Bytes>& pieces) {
  std::string wanted;
  Bytes bytes;
  for (const Bytes& piece : pieces) {
    wanted += lines_of(piece);
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
  if (updating()) return write(name, "# " + comment + '\n' + wanted);
  EXPECT_EQ(proto::hex(read(name)), proto::hex(bytes)) << name << " differs" << how;
}

void expect_text(const std::string& name, const std::string& text) {
  if (updating()) return write(name, text);
  EXPECT_EQ(slurp(name), text) << name << " differs" << how;
}

void expect_no_others(const std::string& folder, const std::vector<std::string>& names) {
  if (updating()) std::filesystem::create_directories(path_of(folder));
  for (const auto& file : std::filesystem::directory_iterator(path_of(folder))) {
    const std::string name = folder + '/' + file.path().filename().string();
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (updating())
      std::filesystem::remove(file.path());
    else
      ADD_FAILURE() << name << " is the sample of nothing" << how;
  }
}

} // namespace p2pd::golden
