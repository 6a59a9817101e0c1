#include "tests/unit/ctl_drawn.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using proto::Value;

constexpr Style blocks{.terminal = true, .utf8 = true};

Value holder(const char* name, std::uint64_t have, const std::string& bitmap) {
  return {{"name", name}, {"id", name}, {"have", have}, {"bitmap_hex", bitmap}};
}

Value answer(std::uint64_t chunks, Value::Array holders) {
  return {{"content", "3fa1"}, {"name", "x"}, {"chunks", chunks}, {"peers", std::move(holders)}};
}

TEST(Chunks, AreAMapAndAHistogram) {
  const Value ten = answer(10, {holder("nas", 10, "ffc0"), holder("pi", 3, "c040")});
  EXPECT_EQ(drawn(render_chunks, ten, terminal), "x 3fa1\n"
                                                 "NAME  ID    HAVE  CHUNKS\n"
                                                 "nas   nas  10/10  ##########\n"
                                                 "pi    pi    3/10  ##.......#\n"
                                                 "\n"
                                                 "COPIES  CHUNKS\n"
                                                 "     1       7  "
                                                 "########################################\n"
                                                 "     2       3  #################\n");
  EXPECT_NE(drawn(render_chunks, ten, blocks).find("██·······█"), std::string::npos);
  EXPECT_EQ(drawn(render_chunks, ten, piped), "nas\tnas\t10\tffc0\npi\tpi\t3\tc040\n");
}

TEST(Chunks, OfAColumnAreShadedByHowManyThereAre) {
  // 160 chunks, four a column: none, one, two, three, all, and none.
  const Value many = answer(160, {holder("pi", 10, "08cef0" + std::string(34, '0'))});
  EXPECT_NE(drawn(render_chunks, many, terminal).find("  .-=+#" + std::string(35, '.') + '\n'),
            std::string::npos)
      << drawn(render_chunks, many, terminal);
}

TEST(Chunks, OfManyCountsAreDrawnInRanges) {
  Value::Array holders;
  for (std::size_t i = 0; i < 64; ++i) { // the first has one chunk, the last all 64
    std::string bits = std::string(i + 1, '1') + std::string(63 - i, '0');
    std::string digits;
    for (std::size_t at = 0; at < 64; at += 4)
      digits += "0123456789abcdef"[std::stoul(bits.substr(at, 4), nullptr, 2)];
    holders.push_back(holder("p", i + 1, digits));
  }
  const std::string page = drawn(render_chunks, answer(64, std::move(holders)), terminal);
  EXPECT_NE(page.find("\n   1-7       7  ##"), std::string::npos) << page;
  EXPECT_NE(page.find("\n    64       1  #####\n"), std::string::npos) << page;
}

TEST(Chunks, OfNobodyAndOfNothing) {
  EXPECT_EQ(drawn(render_chunks, answer(3, {}), terminal),
            "x 3fa1\nnobody who is here has any of it\n");
  EXPECT_EQ(drawn(render_chunks, answer(3, {}), piped), "");
  EXPECT_EQ(drawn(render_chunks, answer(0, {holder("nas", 0, "")}), terminal),
            "x 3fa1\nNAME  ID   HAVE  CHUNKS\nnas   nas   0/0\n");
  const Value odd = answer(3, {holder("nas", 3, "zz")});
  EXPECT_NE(drawn(render_chunks, odd, terminal).find("3/3  ..."), std::string::npos);
}

} // namespace
} // namespace p2pd::ctl
