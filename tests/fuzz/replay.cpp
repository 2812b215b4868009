// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// replay CORPUS COUNT: runs a fuzzer with each file of the corpus, then with COUNT mutations of
/// the files. The mutations are the same in every run, so that a crash can be reproduced.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using input = std::vector<std::uint8_t>;

std::vector<input> read_corpus(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    std::vector<input> corpus{input{}};
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        corpus.emplace_back(
            std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()
        );
    }
    return corpus;
}

class mutator {
public:
    explicit mutator(std::vector<input> corpus) : corpus_(std::move(corpus)) {}

    input next() {
        input made = corpus_[below(corpus_.size())];
        for (auto changes = below(4) + 1; changes > 0; --changes) {
            change(made);
        }
        return made;
    }

private:
    std::size_t below(std::size_t end) {
        return end == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }

    std::uint8_t byte() {
        static constexpr std::uint8_t edges[] = {
            0x00, 0x01, 0x7f, 0x80, 0xff, '\'', '"', '\\', ';'};
        return below(2) == 0 ? edges[below(std::size(edges))]
                             : static_cast<std::uint8_t>(below(256));
    }

    void change(input& made) {
        const auto place = made.begin() + static_cast<std::ptrdiff_t>(below(made.size() + 1));
        switch (below(5)) {
            case 0:
                made.insert(place, byte());
                break;
            case 1:
                made.insert(place, below(32), byte());
                break;
            case 2:
                made.erase(place, made.end());
                break;
            case 3:
                append_part_of_another(made);
                break;
            default:
                if (place != made.end()) {
                    *place = byte();
                }
        }
    }

    void append_part_of_another(input& made) {
        const input& other = corpus_[below(corpus_.size())];
        const auto from = static_cast<std::ptrdiff_t>(below(other.size()));
        made.insert(made.end(), other.begin() + from, other.end());
    }

    std::vector<input> corpus_;
    std::mt19937_64 random_{20000101};
};

void run(const input& one) {
    LLVMFuzzerTestOneInput(one.data(), one.size());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: replay CORPUS COUNT\n";
        return 2;
    }
    const auto corpus = read_corpus(argv[1]);
    const auto count = std::strtoul(argv[2], nullptr, 10);
    std::ranges::for_each(corpus, run);
    mutator mutations(corpus);
    for (unsigned long i = 0; i < count; ++i) {
        run(mutations.next());
    }
    std::cout << corpus.size() << " inputs of the corpus and " << count << " mutations\n";
    return 0;
}
