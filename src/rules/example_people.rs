//! The invented people of the example record, so that they are recognised where they do not belong.

use crate::directory::key::is_same;

/// Handle and name of everybody in `src/cli/example/directory/people`.
const EXAMPLE_PEOPLE: [(&str, &str); 29] = [
    ("ada-example", "Ada Example"),
    ("aino-esimerkki", "Aino Esimerkki"),
    ("anna-przyklad", "Anna Przykład"),
    ("carla-sample", "Carla Sample"),
    ("cora-beispiel", "Cora Beispiel"),
    ("eleni-paradeigma", "Ελένη Παράδειγμα"),
    ("eve-muestra", "Eve Muestra"),
    ("felix-exemplaire", "Félix Exemplaire"),
    ("gunnar-daemi", "Gunnar Dæmi"),
    ("hanako-mihon", "見本 花子"),
    ("irene-ejemplo", "Irene Ejemplo"),
    ("ivan-primer", "Ivan Primer"),
    ("liam-specimen", "Liam Specimen"),
    ("lucia-esempio", "Lucia Esempio"),
    ("maja-exempel", "Maja Exempel"),
    ("mia-contoh", "Mia Contoh"),
    ("ned-muster", "Ned Muster"),
    ("nguyen-vi-du", "Nguyễn Ví Dụ"),
    ("otto-example", "Otto Example"),
    ("paul-ejemplar", "Paul Ejemplar"),
    ("pavel-priklad", "Pavel Příklad"),
    ("quinn-pelda", "Quinn Példa"),
    ("record-robot", "Record robot"),
    ("rita-exemple", "Rita Exemple"),
    ("rob-registrar", "Rob Registrar"),
    ("signe-eksempel", "Signe Eksempel"),
    ("theo-exemplo", "Théo Exemplo"),
    ("umut-ornek", "Umut Örnek"),
    ("vera-voorbeeld", "Vera Voorbeeld"),
];

/// The public half of the key in `src/cli/example/keys`, which everybody has.
const EXAMPLE_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFTVYXNYk4rCf7EwuUpcWyT2zdF3wnErKZrCBG0kXDKj";

/// Whether handle and name are those of an invented person of the example.
pub fn is_invented(handle: &str, name: &str) -> bool {
    EXAMPLE_PEOPLE.contains(&(handle, name))
}

/// Whether a public key is the one whose private half comes with the program.
pub fn is_example_key(public: &str) -> bool {
    is_same(public, EXAMPLE_KEY)
}

#[cfg(test)]
mod tests {
    use super::{EXAMPLE_KEY, EXAMPLE_PEOPLE};

    #[test]
    fn the_key_is_the_example_directorys() {
        let ada = include_str!("../cli/example/directory/people/ada-example.toml");
        assert!(ada.contains(EXAMPLE_KEY));
    }

    #[test]
    fn the_list_is_the_example_directory() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/example/directory/people");
        let person = |entry: std::io::Result<std::fs::DirEntry>| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = text.lines().next().unwrap().strip_prefix("name = \"").unwrap().trim_end_matches('"').to_owned();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), name)
        };
        let mut people: Vec<(String, String)> = std::fs::read_dir(folder).unwrap().map(person).collect();
        people.sort();
        let listed: Vec<(String, String)> =
            EXAMPLE_PEOPLE.iter().map(|(handle, name)| ((*handle).to_owned(), (*name).to_owned())).collect();
        assert_eq!(people, listed);
    }
}
