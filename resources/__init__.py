"""What ships with the program beside its code: icons, example designs, lessons."""
