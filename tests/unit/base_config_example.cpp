// The shipped config and the man page against the table. A test run with P2PD_UPDATE_GOLDEN=1
// writes conf/p2pd.toml anew; the man page is written by people.
#include "daemon/base/config_table.hpp"
#include "tests/unit/base_config_fixture.hpp"

#include <map>
#include <regex>
#include <sstream>

namespace p2pd::base {
namespace {

const std::filesystem::path root = P2PD_SOURCE_ROOT;

std::string uncommented(const std::string& text) {
  return std::regex_replace(text, std::regex("(^|\n)#(\\w+ = )"), "$1$2");
}

TEST(ConfigExample, IsWhatTheTablePrints) {
  const auto file = root / "conf" / "p2pd.toml";
  if (std::getenv("P2PD_UPDATE_GOLDEN")) write_text(file, example_config());
  EXPECT_EQ(read_text(file), example_config()) << "set P2PD_UPDATE_GOLDEN=1 to write it anew";
}

TEST(ConfigExample, ItsCommentsHoldEveryDefault) {
  const Config defaults = load_config(std::nullopt, system_environment());
  const Config commented = load(example_config());
  const Config every = load(uncommented(example_config()));
  EXPECT_TRUE(commented.given.empty());
  EXPECT_EQ(every.given.size(), config_keys().size());
  for (const Key& key : config_keys()) {
    EXPECT_EQ(key.type.print(commented), key.type.print(defaults)) << key.full_name;
    EXPECT_EQ(key.type.print(every), key.type.print(defaults)) << key.full_name;
  }
}

TEST(ConfigExample, TheExampleOfEachKeyIsValid) {
  for (const Key& key : config_keys()) {
    const std::string line = std::string(key.full_name) + " = " + std::string(key.example);
    EXPECT_EQ(mistakes(line), "") << line;
    EXPECT_EQ(key.type.print(load(line)), key.example);
  }
}

// The page's keys by full name: the heading, and the paragraphs below it in one line.
struct Entry {
  std::string heading;
  std::string text;
};
std::map<std::string, Entry> entries_of_man_page() {
  std::map<std::string, Entry> entries;
  std::istringstream page(read_text(root / "man" / "p2pd.toml.5.scd"));
  const std::regex section_heading("# \\[(\\w+)\\]"), key_heading("\\*(\\w+)\\*.*");
  std::string section;
  Entry* entry = nullptr;
  for (std::string line; std::getline(page, line);) {
    std::smatch match;
    line.erase(std::remove(line.begin(), line.end(), '\\'), line.end()); // scdoc's escapes
    if (line.starts_with("# ")) {
      section = std::regex_match(line, match, section_heading) ? match[1].str() : "";
      entry = nullptr;
    } else if (!section.empty() && std::regex_match(line, match, key_heading)) {
      entry = &entries[section + '.' + match[1].str()];
      entry->heading = line;
    } else if (entry && line.starts_with('\t')) {
      entry->text += line.substr(1) + ' ';
    }
  }
  return entries;
}

TEST(ConfigManPage, HoldsEveryKeyAsTheTableHasIt) {
  auto entries = entries_of_man_page();
  for (const Key& key : config_keys()) {
    const std::string full_name(key.full_name), name(key.name());
    ASSERT_TRUE(entries.contains(full_name)) << full_name << " is not in the page";
    const Entry entry = entries.extract(full_name).mapped();
    std::string heading = '*' + name + '*';
    if (key.default_words.empty()) heading += " = " + default_text(key);
    if (key.reload) heading += " *(reload)*";
    EXPECT_EQ(entry.heading, heading);
    const auto says = [&](const std::string& words) {
      EXPECT_NE(entry.text.find(words), std::string::npos) << full_name << ": " << words;
    };
    says("Takes " + key.type.words + '.');
    says("Example: " + name + " = " + std::string(key.example) + ' ');
    if (!key.default_words.empty()) says("Default: " + std::string(key.default_words) + '.');
  }
  for (const auto& [name, entry] : entries) ADD_FAILURE() << name << " is in the page alone";
}

} // namespace
} // namespace p2pd::base
