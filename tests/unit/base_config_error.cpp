// What is true of all errors together, and of files that are none.
#include "daemon/base/config_names.hpp"
#include "tests/unit/base_config_fixture.hpp"

namespace p2pd::base {
namespace {

TEST(ConfigError, HoldsAllMistakesInTheOrderOfTheFile) {
  EXPECT_EQ(
      mistakes("[tracker]\npeer_timeout = 1\n[node]\nrole = \"x\"\nnmae = \"a\"\n"
               "[peer]\nshare = [\"a\", \"b\"]\n[http]\nlisten = \"[::]:1\""),
      "2:16: [tracker] peer_timeout: \"1\" has no unit: write ms, s, min, h or d behind it\n"
      "4:8: [node] role: \"x\" is not known: write \"peer\" or \"tracker\"\n"
      "5:1: [node] has no key \"nmae\": did you mean name?\n"
      "7:10: [peer] share: \"a\" is a relative path: write it from the root, such as \"/srv/a\"\n"
      "7:15: [peer] share: \"b\" is a relative path: write it from the root, such as \"/srv/b\"\n"
      "9:10: [http] listen: other machines reach \"[::]:1\", and HTTP has no encryption: write "
      "\"127.0.0.1:1\", or set behind_tls_proxy = true where a TLS proxy stands before it");
}

TEST(ConfigError, AUserIsToldOfTheTilde) {
  EXPECT_EQ(mistakes("[peer]\nshare = [\"Videos\"]", user_environment()),
            "2:10: [peer] share: \"Videos\" is a relative path: write it from the root, such as "
            "\"/srv/Videos\", or from your home with ~/ before it");
}

TEST(ConfigError, ShowsTheOffendingLines) {
  const ConfigError error(
      "p2pd.toml", "[node]\r\n\tname = \"größe\", 1\r\n",
      {{{2, 20}, "second"}, {{2, 2}, "first"}, {{0, 0}, "whole"}, {{9, 1}, "gone"}});
  EXPECT_EQ(error.with_source(), "p2pd.toml: whole\n"
                                 "p2pd.toml:2:2: first\n"
                                 "  \tname = \"größe\", 1\n"
                                 "  \t^\n"
                                 "p2pd.toml:2:20: second\n"
                                 "  \tname = \"größe\", 1\n"
                                 "  \t                ^\n"
                                 "p2pd.toml:9:1: gone\n");
  EXPECT_STREQ(error.what(), "p2pd.toml: whole\np2pd.toml:2:2: first\np2pd.toml:2:20: second\n"
                             "p2pd.toml:9:1: gone");
}

std::string refusal(const std::filesystem::path& file) {
  try {
    load_config(file, system_environment());
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(ConfigError, FilesThatCannotBeRead) {
  const TestFolder folder;
  const auto file = folder / "p2pd.toml";
  EXPECT_EQ(refusal(file), file.string() +
                               ": cannot be read (No such file or directory): create it, or "
                               "name another file with -c");
  EXPECT_EQ(
      refusal(folder.path()),
      folder.path().string() +
          ": cannot be read (Is a directory): make it a file that the daemon's user may read");
  write_text(file, std::string((1U << 20) + 1, '\n'));
  EXPECT_EQ(refusal(file),
            file.string() + ": is over 1 MiB: this is no config file, name another with -c");
}

void parse(const std::string& text) {
  try {
    parse_document(text);
  } catch (const SyntaxError& error) {
    EXPECT_GT(error.where.line, 0U) << text;
    EXPECT_GT(error.where.column, 0U) << text;
  }
}

TEST(ConfigError, AnyBytesAreADocumentOrAnErrorWithItsPlace) {
  const std::string good =
      "[node]\nname = \"a\\u00e9b\"\n[peer]\nshare = [\n '/a', \"\"\"/b\"\"\" ]\n"
      "upload_slots = 0x1F # c\nscrub = 1979-05-27T07:32:00Z\n[limits]\nupload = 1e3";
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const char c : {'\0', '"', '[', ']', '\n', '=', '\\', '.', '#', '\xff', '{', '9'}) {
      std::string text = good;
      text[at] = c;
      parse(text);
      parse(text.substr(0, at + 1));
    }
}

TEST(ConfigNames, TheNearestIsWithinAThirdOfTheLetters) {
  const std::vector<std::string_view> known = {"share", "scrub", "upload_slots", "trackers"};
  EXPECT_EQ(nearest("Share", known), "share");
  EXPECT_EQ(nearest("tracker", known), "trackers");
  EXPECT_EQ(nearest("uploadslots", known), "upload_slots");
  EXPECT_EQ(nearest("uplaod_slot", known), "upload_slots");
  EXPECT_EQ(nearest("slots", known), "");
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(nearest(std::string(100'000, 'x'), known), "");
}

} // namespace
} // namespace p2pd::base
